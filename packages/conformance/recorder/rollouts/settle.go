package main

const roundLimit = 40

func said(s *Sync) bool { return len(s.Writes) > 0 || s.Error != "" || s.Panic != "" }

// barer: fewer paths in all Ingresses together, then fewer annotations
func barer(a, b any) bool {
	count := func(state any) (paths, annotations int) {
		for _, i := range state.(map[string]any)["ingresses"].(map[string]any) {
			ing := i.(map[string]any)
			if m, ok := ing["annotations"].(map[string]any); ok {
				annotations += len(m)
			}
			rules, _ := dig(ing, "spec", "rules").([]any)
			for _, r := range rules {
				ps, _ := dig(r.(map[string]any), "http", "paths").([]any)
				paths += len(ps)
			}
		}
		return
	}
	ap, aa := count(a)
	bp, ba := count(b)
	return ap < bp || ap == bp && aa < ba
}

// settle runs rounds until two in a row change nothing, a state comes back, or the limit is reached
func (w *World) settle(m *Moment) {
	w.dirty = true
	w.replicaSets()
	last := w.everything()
	seen, states := map[string]int{last: 0}, []any{w.state()}
	var rounds [][]*Sync
	quiet := 0
	for len(rounds) < roundLimit {
		var kept []*Sync
		changed := false
		for _, s := range w.round() {
			if said(s) || s.By == "rollouts" {
				kept = append(kept, s)
			}
		}
		now := w.everything()
		changed, last = now != last, now
		rounds = append(rounds, kept)
		if changed {
			states = append(states, w.state())
		} else {
			states = append(states, states[len(states)-1])
		}
		if !changed {
			if quiet++; quiet == 2 {
				break
			}
			continue
		}
		quiet = 0
		if at, ok := seen[now]; ok {
			// a turn of the cycle is told from its barest state on, so that it does not hang on how many rounds led here
			turn, seenIn := rounds[at:], states[at+1:]
			from := 0
			for i := range seenIn {
				if barer(seenIn[i], seenIn[from]) {
					from = i
				}
			}
			from = (from + 1) % len(turn)
			for i := 0; i < from; i++ {
				w.round()
			}
			rotate := func(i int) int { return (from + i) % len(turn) }
			c := &Cycle{Period: len(turn)}
			for i := range turn {
				c.Syncs = append(c.Syncs, turn[rotate(i)]...)
				c.States = append(c.States, seenIn[rotate(i)])
			}
			for _, r := range append(rounds[:at:at], turn[:from]...) {
				m.Syncs = append(m.Syncs, r...)
			}
			m.Cycle, m.State = c, c.States[len(turn)-1]
			return
		}
		seen[now] = len(rounds)
	}
	if m.Unsettled = quiet < 2; !m.Unsettled {
		m.Idle = rounds[len(rounds)-1]
		rounds = rounds[:len(rounds)-2]
	}
	for _, r := range rounds {
		m.Syncs = append(m.Syncs, r...)
	}
	m.State = states[len(states)-1]
}
