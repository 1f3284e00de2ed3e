package main

import (
	"context"
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/settings"
)

// What the controller reads of argocd-cm before a comparison.
type comparisonSettings struct {
	overrides             map[string]v1alpha1.ResourceOverride
	instanceLabel         string
	tracking              string
	ignoreAggregatedRoles bool
	err                   error
}

type settingsReader struct{ known map[string]comparisonSettings }

func (r *settingsReader) read(data map[string]string) comparisonSettings {
	key, err := json.Marshal(data)
	must(err)
	if found, ok := r.known[string(key)]; ok {
		return found
	}
	found := readSettings(data)
	r.known[string(key)] = found
	return found
}

func readSettings(data map[string]string) (found comparisonSettings) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	meta := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Name: name, Namespace: "argocd", Labels: map[string]string{"app.kubernetes.io/part-of": "argocd"}}
	}
	client := fake.NewSimpleClientset(
		&corev1.ConfigMap{ObjectMeta: meta("argocd-cm"), Data: data},
		&corev1.Secret{ObjectMeta: meta("argocd-secret"), Data: map[string][]byte{}},
	)
	manager := settings.NewSettingsManager(ctx, client, "argocd")
	if found.overrides, found.err = manager.GetResourceOverrides(); found.err != nil {
		return found
	}
	if found.instanceLabel, found.err = manager.GetAppInstanceLabelKey(); found.err != nil {
		return found
	}
	if found.tracking, found.err = manager.GetTrackingMethod(); found.err != nil {
		return found
	}
	if found.tracking == "" {
		found.tracking = "label"
	}
	options, err := manager.GetResourceCompareOptions()
	if err != nil {
		options = settings.GetDefaultDiffOptions()
	}
	found.ignoreAggregatedRoles = options.IgnoreAggregatedRoles
	return found
}
