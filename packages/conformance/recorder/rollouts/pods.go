package main

import (
	"reflect"

	appsv1 "k8s.io/api/apps/v1"
)

func imageOf(rs *appsv1.ReplicaSet) string {
	if c := rs.Spec.Template.Spec.Containers; len(c) > 0 {
		return c[0].Image
	}
	return ""
}

// replicaSets is the ReplicaSet controller: pods are created and removed at once; created pods are not available yet, unavailable ones are removed first.
func (w *World) replicaSets() {
	for _, o := range w.list("ReplicaSet") {
		rs := o.(*appsv1.ReplicaSet)
		spec := int32(1)
		if rs.Spec.Replicas != nil {
			spec = *rs.Spec.Replicas
		}
		avail := rs.Status.AvailableReplicas
		if avail > spec {
			avail = spec
		}
		if m := w.pods[imageOf(rs)]; m.state == "crash" {
			avail = 0
		} else if m.state == "limit" && avail > m.limit {
			avail = m.limit
		}
		w.setPods(rs, spec, avail)
	}
}

func (w *World) setPods(rs *appsv1.ReplicaSet, created, avail int32) {
	before := rs.Status
	rs.Status.Replicas, rs.Status.FullyLabeledReplicas = created, created
	rs.Status.ReadyReplicas, rs.Status.AvailableReplicas = avail, avail
	rs.Status.ObservedGeneration = rs.Generation
	if !reflect.DeepEqual(before, rs.Status) {
		w.dirty = true
		if err := w.kube.Tracker().Update(gvrs["ReplicaSet"], rs, namespace); err != nil {
			panic(err)
		}
	}
}

// kubelet makes waiting pods available where their image's mode allows it, and says whether any did.
func (w *World) waiting() []*appsv1.ReplicaSet {
	var out []*appsv1.ReplicaSet
	for _, o := range w.list("ReplicaSet") {
		rs := o.(*appsv1.ReplicaSet)
		if w.target(rs) > rs.Status.AvailableReplicas {
			out = append(out, rs)
		}
	}
	return out
}

func (w *World) target(rs *appsv1.ReplicaSet) int32 {
	spec := *rs.Spec.Replicas
	switch m := w.pods[imageOf(rs)]; m.state {
	case "slow":
		return rs.Status.AvailableReplicas
	case "crash":
		return 0
	case "limit":
		if m.limit < spec {
			return m.limit
		}
	}
	return spec
}

func (w *World) kubelet() {
	for _, rs := range w.waiting() {
		w.setPods(rs, *rs.Spec.Replicas, w.target(rs))
	}
}

func (w *World) anyUnavailable() bool {
	for _, o := range w.list("ReplicaSet") {
		if rs := o.(*appsv1.ReplicaSet); rs.Status.AvailableReplicas < *rs.Spec.Replicas {
			return true
		}
	}
	return false
}
