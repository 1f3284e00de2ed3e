package main

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
)

// askReferences syncs the Rollout once among its objects. The caches hold AnalysisTemplates as they are; in a cluster each read is a copy, so a template that two places name
// keeps here the placeholders that the first place put into it.
func askReferences(q *Question) (a Answer) {
	w := newWorld()
	defer w.close()
	for _, m := range append(append([]map[string]any{}, q.Objects...), q.Rollout) {
		if err := w.place(m); err != nil {
			fail("%v", err)
		}
	}
	w.dirty = true
	w.refresh()
	name := nameIn(q.Rollout)
	s := w.sync("rollouts", name, func(ctx context.Context, key string) error { return syncRollout(w.rollouts, ctx, key) })
	if s.Panic != "" {
		return Answer{Panic: s.Panic}
	}
	for _, c := range w.get("Rollout", name).(*v1alpha1.Rollout).Status.Conditions {
		if c.Type == v1alpha1.InvalidSpec {
			return Answer{Condition: address.ReplaceAllString(c.Message, "0xADDRESS")}
		}
	}
	return Answer{Error: s.Error}
}

func (w *World) place(m map[string]any) error {
	kind, _ := m["kind"].(string)
	if gvr, ok := customGVR(m); ok {
		u := unstructuredOf(m)
		u.SetAPIVersion(gvr.GroupVersion().String())
		return w.dyn.Tracker().Create(gvr, u, u.GetNamespace())
	}
	if kind == "ClusterAnalysisTemplate" {
		var t v1alpha1.ClusterAnalysisTemplate
		decode(m, &t)
		_, err := w.argo.ArgoprojV1alpha1().ClusterAnalysisTemplates().Create(context.Background(), &t, metav1.CreateOptions{})
		return err
	}
	return w.put(kind, m)
}

func nameIn(m map[string]any) string { return str(dig(m, "metadata", "name")) }
