package main

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
)

// state is what a person or Argo CD could see.
func (w *World) state() map[string]any {
	out := map[string]any{}
	ros, ings, svcs, rss := map[string]any{}, map[string]any{}, map[string]any{}, []any{}
	for _, o := range w.list("Rollout") {
		m := toMap(o)
		r := map[string]any{"image": "", "replicas": dig(m, "spec", "replicas"), "generation": dig(m, "metadata", "generation")}
		ro := o.(*v1alpha1.Rollout)
		if c := ro.Spec.Template.Spec.Containers; len(c) > 0 {
			r["image"] = c[0].Image
		}
		if ro.Spec.Paused {
			r["paused"] = true
		}
		if a := dig(m, "metadata", "annotations"); a != nil {
			r["annotations"] = a
		}
		st, _ := m["status"].(map[string]any)
		keep := map[string]any{}
		for _, k := range []string{"currentStepIndex", "currentPodHash", "stableRS", "abort", "abortedAt", "promoteFull", "controllerPause", "phase", "message", "observedGeneration",
			"replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "conditions"} {
			if v, ok := st[k]; ok {
				keep[k] = v
			}
		}
		if p, ok := st["pauseConditions"].([]any); ok && len(p) > 0 {
			keep["pauseConditions"] = p
		}
		if c, ok := st["canary"].(map[string]any); ok {
			k := map[string]any{}
			for _, f := range []string{"weights", "stablePingPong", "currentExperiment"} {
				if v, ok := c[f]; ok {
					k[f] = v
				}
			}
			if len(k) > 0 {
				keep["canary"] = k
			}
		}
		if b, ok := st["blueGreen"].(map[string]any); ok && len(b) > 0 {
			keep["blueGreen"] = b
		}
		r["status"] = keep
		ros[ro.Name] = r
	}
	for _, o := range w.list("Ingress") {
		m := toMap(o)
		i := map[string]any{"spec": m["spec"]}
		if a := dig(m, "metadata", "annotations"); a != nil {
			i["annotations"] = a
		}
		ings[nameOf(o)] = i
	}
	for _, o := range w.list("Service") {
		m := toMap(o)
		s := map[string]any{"selector": dig(m, "spec", "selector")}
		if a := dig(m, "metadata", "annotations"); a != nil {
			s["annotations"] = a
		}
		svcs[nameOf(o)] = s
	}
	for _, o := range w.list("ReplicaSet") {
		rs := o.(*appsv1.ReplicaSet)
		rev, _ := strconv.Atoi(rs.Annotations["rollout.argoproj.io/revision"])
		v := map[string]any{"name": rs.Name, "rollout": rs.OwnerReferences[0].Name, "hash": rs.Labels[v1alpha1.DefaultRolloutUniqueLabelKey], "revision": rev, "image": imageOf(rs),
			"replicas": *rs.Spec.Replicas, "available": rs.Status.AvailableReplicas}
		if d := rs.Annotations["scale-down-deadline"]; d != "" {
			v["scaleDownDeadline"] = d
		}
		rss = append(rss, v)
	}
	sort.SliceStable(rss, func(i, j int) bool {
		a, b := rss[i].(map[string]any), rss[j].(map[string]any)
		return indexOf(w.hashes, a["hash"].(string)) < indexOf(w.hashes, b["hash"].(string))
	})
	out["rollouts"], out["ingresses"], out["services"], out["replicaSets"] = ros, ings, svcs, rss
	for kind, key := range map[string]string{"AnalysisRun": "analysisRuns", "Experiment": "experiments"} {
		var l []any
		for _, o := range w.list(kind) {
			m := toMap(o)
			l = append(l, map[string]any{"name": nameOf(o), "phase": str(dig(m, "status", "phase"))})
		}
		if l != nil {
			out[key] = l
		}
	}
	return out
}

// everything is the exact state, to notice that a state comes back.
func (w *World) everything() string {
	var b strings.Builder
	for _, k := range []string{"Rollout", "Ingress", "Service", "ReplicaSet", "AnalysisRun", "Experiment"} {
		for _, o := range w.list(k) {
			m := toMap(o)
			if md, ok := m["metadata"].(map[string]any); ok { // generations only count up
				delete(md, "generation")
			}
			if st, ok := m["status"].(map[string]any); ok {
				delete(st, "observedGeneration")
			}
			t, _ := json.Marshal(m)
			b.Write(t)
		}
	}
	return b.String()
}
