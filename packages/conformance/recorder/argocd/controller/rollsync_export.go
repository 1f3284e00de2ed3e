package controller

import (
	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubectl/pkg/util/openapi"

	argodiff "github.com/argoproj/argo-cd/v3/util/argo/diff"
)

// RespectIgnore is what a sync with RespectIgnoreDifferences=true makes of one target. Up to 3.5 it does not ask for the cluster's schemas.
func RespectIgnore(live, target *unstructured.Unstructured, config argodiff.DiffConfig, _ openapi.Resources) (*unstructured.Unstructured, error) {
	targets, err := normalizeTargetResources(&comparisonResult{
		reconciliationResult: sync.ReconciliationResult{Live: []*unstructured.Unstructured{live}, Target: []*unstructured.Unstructured{target}},
		diffConfig:           config,
	})
	if err != nil {
		return nil, err
	}
	return targets[0], nil
}

// StateDiff is the comparison of one resource.
func StateDiff(live, target *unstructured.Unstructured, config argodiff.DiffConfig) (diff.DiffResult, error) {
	return argodiff.StateDiff(live, target, config)
}
