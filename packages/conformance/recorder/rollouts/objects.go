package main

import (
	"context"
	"sort"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	k8stesting "k8s.io/client-go/testing"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
)

var kinds = map[string]string{
	"rollouts": "Rollout", "services": "Service", "ingresses": "Ingress", "replicasets": "ReplicaSet", "experiments": "Experiment",
	"analysisruns": "AnalysisRun", "analysistemplates": "AnalysisTemplate", "pods": "Pod", "targetgroupbindings": "TargetGroupBinding",
}

var gvrs = map[string]schema.GroupVersionResource{
	"Rollout":                 {Group: "argoproj.io", Version: "v1alpha1", Resource: "rollouts"},
	"Experiment":              {Group: "argoproj.io", Version: "v1alpha1", Resource: "experiments"},
	"AnalysisRun":             {Group: "argoproj.io", Version: "v1alpha1", Resource: "analysisruns"},
	"ClusterAnalysisTemplate": {Group: "argoproj.io", Version: "v1alpha1", Resource: "clusteranalysistemplates"},
	"AnalysisTemplate":        {Group: "argoproj.io", Version: "v1alpha1", Resource: "analysistemplates"},
	"Service":                 {Version: "v1", Resource: "services"},
	"Ingress":                 {Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"},
	"ReplicaSet":              {Group: "apps", Version: "v1", Resource: "replicasets"},
}

func newObject(kind string) runtime.Object {
	switch kind {
	case "Rollout":
		return &v1alpha1.Rollout{}
	case "Experiment":
		return &v1alpha1.Experiment{}
	case "AnalysisRun":
		return &v1alpha1.AnalysisRun{}
	case "AnalysisTemplate":
		return &v1alpha1.AnalysisTemplate{}
	case "Service":
		return &corev1.Service{}
	case "Ingress":
		return &networkingv1.Ingress{}
	case "ReplicaSet":
		return &appsv1.ReplicaSet{}
	}
	panic("kind " + kind)
}

func nameOf(o runtime.Object) string { m, _ := meta.Accessor(o); return m.GetName() }

func (w *World) tracker(kind string) k8stesting.ObjectTracker {
	if gvrs[kind].Group == "argoproj.io" {
		return w.argo.Tracker()
	}
	return w.kube.Tracker()
}

func (w *World) get(kind, name string) runtime.Object {
	obj, err := w.tracker(kind).Get(gvrs[kind], namespace, name)
	if err != nil {
		return nil
	}
	return obj.DeepCopyObject()
}

func (w *World) list(kind string) []runtime.Object {
	var out []runtime.Object
	ctx, all := context.Background(), metav1.ListOptions{}
	var l runtime.Object
	var err error
	switch kind {
	case "Rollout":
		l, err = w.argo.ArgoprojV1alpha1().Rollouts(namespace).List(ctx, all)
	case "Experiment":
		l, err = w.argo.ArgoprojV1alpha1().Experiments(namespace).List(ctx, all)
	case "AnalysisRun":
		l, err = w.argo.ArgoprojV1alpha1().AnalysisRuns(namespace).List(ctx, all)
	case "AnalysisTemplate":
		l, err = w.argo.ArgoprojV1alpha1().AnalysisTemplates(namespace).List(ctx, all)
	case "ClusterAnalysisTemplate":
		l, err = w.argo.ArgoprojV1alpha1().ClusterAnalysisTemplates().List(ctx, all)
	case "Service":
		l, err = w.kube.CoreV1().Services(namespace).List(ctx, all)
	case "Ingress":
		l, err = w.kube.NetworkingV1().Ingresses(namespace).List(ctx, all)
	case "ReplicaSet":
		l, err = w.kube.AppsV1().ReplicaSets(namespace).List(ctx, all)
	}
	if err != nil {
		panic(err)
	}
	meta.EachListItem(l, func(o runtime.Object) error { out = append(out, o.DeepCopyObject()); return nil })
	sort.Slice(out, func(i, j int) bool { return nameOf(out[i]) < nameOf(out[j]) })
	return out
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func indexOf(list []string, s string) int {
	for i, l := range list {
		if l == s {
			return i
		}
	}
	return len(list)
}
