package main

import (
	"fmt"
	"reflect"
	"sort"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/kubectl-argo-rollouts/cmd/abort"
	"github.com/argoproj/argo-rollouts/pkg/kubectl-argo-rollouts/cmd/promote"
	"github.com/argoproj/argo-rollouts/pkg/kubectl-argo-rollouts/cmd/retry"
)

func (w *World) rolloutName(e Event) string {
	if e.Rollout != "" {
		return e.Rollout
	}
	if ros := w.list("Rollout"); len(ros) > 0 {
		return nameOf(ros[0])
	}
	return ""
}

func (w *World) do(s *Scenario, e Event) error {
	ros := w.argo.ArgoprojV1alpha1().Rollouts(namespace)
	name := w.rolloutName(e)
	switch e.Do {
	case "deploy":
		for _, kind := range []string{"AnalysisTemplate", "Service", "Ingress", "Rollout"} {
			for _, o := range s.Objects {
				if str(o["kind"]) == kind {
					if err := w.put(kind, o); err != nil {
						return err
					}
				}
			}
		}
		return nil
	case "apply":
		if e.Object != nil {
			return w.apply(e.Object)
		}
		g := clone(w.git["Rollout/"+name]).(map[string]any)
		c := dig(g, "spec", "template", "spec").(map[string]any)["containers"].([]any)[0].(map[string]any)
		c["image"] = e.Image
		return w.apply(g)
	case "overwrite":
		g, ok := w.git[e.Kind+"/"+e.Name]
		if !ok {
			return fmt.Errorf("Git has no %s %s", e.Kind, e.Name)
		}
		live := w.get(e.Kind, e.Name)
		if live == nil {
			return w.put(e.Kind, g)
		}
		m := toMap(live)
		if e.How == "replace" {
			md := m["metadata"].(map[string]any)
			for _, k := range []string{"annotations", "labels"} {
				delete(md, k)
				if v := dig(g, "metadata", k); v != nil {
					md[k] = clone(v)
				}
			}
			m["spec"] = clone(g["spec"])
			return w.put(e.Kind, m)
		}
		return w.put(e.Kind, mergePatch(m, wanted(g)).(map[string]any))
	case "edit":
		live := w.get(e.Kind, e.Name)
		if live == nil {
			return fmt.Errorf("no %s %s", e.Kind, e.Name)
		}
		return w.put(e.Kind, mergePatch(toMap(live), e.Patch).(map[string]any))
	case "delete":
		if err := w.tracker(e.Kind).Delete(gvrs[e.Kind], namespace, e.Name); err != nil {
			return err
		}
		if e.Kind == "Rollout" { // the garbage collector
			for _, kind := range []string{"ReplicaSet", "AnalysisRun", "Experiment"} {
				for _, o := range w.list(kind) {
					m, _ := meta.Accessor(o)
					if r := m.GetOwnerReferences(); len(r) > 0 && r[0].Name == e.Name {
						w.tracker(kind).Delete(gvrs[kind], namespace, m.GetName())
					}
				}
			}
		}
		return nil
	case "promote":
		_, err := promote.PromoteRollout(ros, name, e.Skip == "current-step", e.Skip == "all-steps", false)
		return err
	case "promote-full":
		_, err := promote.PromoteRollout(ros, name, false, false, true)
		return err
	case "abort":
		_, err := abort.AbortRollout(ros, name)
		return err
	case "retry":
		_, err := retry.RetryRollout(ros, name)
		return err
	case "undo":
		return w.undo(name, e.To)
	case "wait":
		w.now = w.now.Add(time.Duration(e.Seconds) * time.Second)
		return nil
	case "sync":
		return nil
	case "pause":
		return w.edit(name, map[string]any{"spec": map[string]any{"paused": true}})
	case "resume":
		return w.edit(name, map[string]any{"spec": map[string]any{"paused": nil}})
	case "scale":
		return w.edit(name, map[string]any{"spec": map[string]any{"replicas": *e.Replicas}})
	case "restart":
		return w.edit(name, map[string]any{"spec": map[string]any{"restartAt": w.now.Format(time.RFC3339)}})
	case "pods":
		m := podMode{state: e.State}
		if e.Available != nil {
			m = podMode{state: "limit", limit: *e.Available}
		}
		w.pods[e.Image] = m
		return nil
	case "analysis":
		for _, o := range w.list("AnalysisRun") {
			ar := o.(*v1alpha1.AnalysisRun)
			if p := string(ar.Status.Phase); p == "" || p == "Pending" || p == "Running" {
				ar.Status.Phase, ar.Status.Message = v1alpha1.AnalysisPhase(e.Phase), e.Message
				w.argo.Tracker().Update(gvrs["AnalysisRun"], ar, namespace)
			}
		}
		return nil
	case "experiment":
		for _, o := range w.list("Experiment") {
			ex := o.(*v1alpha1.Experiment)
			if ex.Status.Phase.Completed() {
				continue
			}
			ex.Status.Phase, ex.Status.Message = v1alpha1.AnalysisPhase(e.Phase), e.Message
			ex.Status.TemplateStatuses = nil
			for _, t := range ex.Spec.Templates {
				ts := v1alpha1.TemplateStatus{Name: t.Name, Replicas: 1, UpdatedReplicas: 1, ReadyReplicas: 1, AvailableReplicas: 1, Status: v1alpha1.TemplateStatusRunning, PodTemplateHash: "experiment-" + t.Name}
				if t.Service != nil {
					ts.ServiceName = ex.Name + "-" + t.Name
				}
				ex.Status.TemplateStatuses = append(ex.Status.TemplateStatuses, ts)
			}
			w.argo.Tracker().Update(gvrs["Experiment"], ex, namespace)
		}
		return nil
	}
	return fmt.Errorf("unknown event %q", e.Do)
}

func wanted(g map[string]any) map[string]any {
	out := map[string]any{"spec": g["spec"]}
	md := map[string]any{}
	for _, k := range []string{"annotations", "labels"} {
		if v := dig(g, "metadata", k); v != nil {
			md[k] = v
		}
	}
	if len(md) > 0 {
		out["metadata"] = md
	}
	return out
}

// apply is a three-way merge (RFC 7386): what Git dropped is removed, what Git says is set, the rest of the live object stays.
func (w *World) apply(g map[string]any) error {
	kind, name := str(g["kind"]), str(dig(g, "metadata", "name"))
	old := w.git[kind+"/"+name]
	w.git[kind+"/"+name] = g
	live := w.get(kind, name)
	if live == nil {
		return w.put(kind, g)
	}
	m := any(toMap(live))
	if old != nil {
		m = mergePatch(m, onlyDeletes(diffPatch(wanted(old), wanted(g))))
	}
	return w.put(kind, mergePatch(m, wanted(g)).(map[string]any))
}

func onlyDeletes(p map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range p {
		if v == nil {
			out[k] = nil
		} else if m, ok := v.(map[string]any); ok {
			if d := onlyDeletes(m); len(d) > 0 {
				out[k] = d
			}
		}
	}
	return out
}

func (w *World) edit(name string, patch map[string]any) error {
	live := w.get("Rollout", name)
	if live == nil {
		return fmt.Errorf("no Rollout %s", name)
	}
	return w.put("Rollout", mergePatch(toMap(live), clone(patch)).(map[string]any))
}

// undo does what `kubectl argo rollouts undo` does: the pod template of an older revision (0: the second newest) replaces the live one.
func (w *World) undo(name string, to int64) error {
	type rev struct {
		n  int64
		rs *appsv1.ReplicaSet
	}
	var revs []rev
	for _, o := range w.list("ReplicaSet") {
		rs := o.(*appsv1.ReplicaSet)
		if rs.OwnerReferences[0].Name != name {
			continue
		}
		var n int64
		fmt.Sscan(rs.Annotations["rollout.argoproj.io/revision"], &n)
		revs = append(revs, rev{n, rs})
	}
	sort.Slice(revs, func(i, j int) bool { return revs[i].n > revs[j].n })
	var rs *appsv1.ReplicaSet
	for _, r := range revs {
		if to == r.n {
			rs = r.rs
		}
	}
	if to == 0 && len(revs) > 1 {
		rs = revs[1].rs
	}
	if rs == nil {
		if to > 0 {
			return fmt.Errorf("unable to find specified revision %d in history", to)
		}
		return fmt.Errorf("no revision found for rollout %q", name)
	}
	t := rs.Spec.Template.DeepCopy()
	delete(t.Labels, v1alpha1.DefaultRolloutUniqueLabelKey)
	live := toMap(w.get("Rollout", name))
	tm := toMap(t)
	if reflect.DeepEqual(dig(live, "spec", "template"), tm) {
		return nil
	}
	live["spec"].(map[string]any)["template"] = tm
	return w.put("Rollout", live)
}
