package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

// one sync of one controller, with the recovery of utils/controller around it
func (w *World) sync(by, key string, f func(context.Context, string) error) *Sync {
	w.refresh()
	s := &Sync{By: by, Key: key}
	w.recording = s
	func() {
		defer func() {
			if r := recover(); r != nil {
				s.Panic, s.In = fmt.Sprint(r), panicIn(string(debug.Stack()))
			}
		}()
		if err := f(context.Background(), namespace+"/"+key); err != nil {
			s.Error = err.Error()
		}
	}()
	w.recording = nil
	for {
		select {
		case e := <-w.events:
			s.Events = append(s.Events, e)
			continue
		default:
		}
		break
	}
	if w.dirty {
		w.replicaSets()
	}
	return s
}

// panicIn is the first function of Argo Rollouts on the stack
func panicIn(stack string) string {
	for _, l := range strings.Split(stack, "\n") {
		if i := strings.Index(l, "argoproj/argo-rollouts/"); i >= 0 && !strings.HasPrefix(l, "\t") {
			l = l[i+len("argoproj/argo-rollouts/"):]
			if j := strings.LastIndex(l, "("); j > 0 {
				l = l[:j]
			}
			return l
		}
	}
	return ""
}

// round: every Rollout, then every Ingress (ingress controller), then every Service (service controller), each by name
func (w *World) round() []*Sync {
	var out []*Sync
	for _, o := range w.list("Rollout") {
		out = append(out, w.sync("rollouts", nameOf(o), func(ctx context.Context, key string) error { return syncRollout(w.rollouts, ctx, key) }))
	}
	for _, o := range w.list("Ingress") {
		out = append(out, w.sync("ingress-controller", nameOf(o), func(ctx context.Context, key string) error { return syncIngress(w.ingresses, ctx, key) }))
	}
	for _, o := range w.list("Service") {
		out = append(out, w.sync("service-controller", nameOf(o), func(ctx context.Context, key string) error { return syncService(w.services, ctx, key) }))
	}
	return out
}

func walk(s *Scenario) *Recorded {
	w := newWorld()
	defer w.close()
	out := &Recorded{Scenario: s}
	for _, o := range s.Objects {
		w.git[str(o["kind"])+"/"+str(dig(o, "metadata", "name"))] = o
	}
	events := append([]Event{{Do: "deploy"}}, s.Events...)
	for i, e := range events {
		refused := ""
		if e.Do != "deploy" && e.Do != "wait" {
			w.now = w.now.Add(time.Second)
		}
		var early []*Sync
		do := e
		if e.Do == "interrupt" {
			if err := w.do(s, *e.First); err != nil {
				refused = err.Error()
			}
			w.dirty = true
			w.replicaSets()
			for r := 0; r < e.Rounds; r++ {
				for _, s := range w.round() {
					if said(s) || s.By == "rollouts" {
						early = append(early, s)
					}
				}
			}
			do = *e.Then
		}
		if err := w.do(s, do); err != nil {
			refused = err.Error()
		}
		for phase := 0; ; phase++ {
			m := &Moment{Event: i, Clock: w.now.Format(time.RFC3339), Pods: "ready", Syncs: []*Sync{}}
			if phase == 0 {
				m.Refused, m.Syncs = refused, append(m.Syncs, early...)
			}
			w.settle(m)
			out.Moments = append(out.Moments, m)
			if len(w.waiting()) == 0 {
				if w.anyUnavailable() {
					m.Pods = "unavailable"
				}
				break
			}
			m.Pods = "starting"
			if phase > 30 {
				m.Unsettled = true
				break
			}
			w.kubelet()
		}
	}
	out.Hashes = w.hashes
	return out
}
