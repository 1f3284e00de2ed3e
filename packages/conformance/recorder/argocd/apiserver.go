package main

import (
	"encoding/json"

	jsonpatch "github.com/evanphx/json-patch"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/managedfields/managedfieldstest"
	"k8s.io/apimachinery/pkg/util/mergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/kubectl/pkg/util"

	gescheme "github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube/scheme"
)

const argocdManager = "argocd-controller"

// The API server and kubectl, as far as one object goes.
type apiServer struct{ types types }

// kubectl apply, client side, overwriting.
func (s apiServer) applyClientSide(live, target *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	modified, err := util.GetModifiedConfiguration(target, true, unstructured.UnstructuredJSONScheme)
	if err != nil {
		return nil, err
	}
	if live == nil {
		return stored(decode(modified)), nil
	}
	original, err := util.GetOriginalConfiguration(live)
	if err != nil {
		return nil, err
	}
	current := encode(live)
	versioned, err := scheme.Scheme.New(target.GroupVersionKind())
	if err != nil {
		patch, err := jsonmergepatch.CreateThreeWayJSONMergePatch(original, modified, current,
			mergepatch.RequireKeyUnchanged("apiVersion"), mergepatch.RequireKeyUnchanged("kind"), mergepatch.RequireMetadataKeyUnchanged("name"))
		if err != nil {
			return nil, err
		}
		patched, err := jsonpatch.MergePatch(current, patch)
		if err != nil {
			return nil, err
		}
		return stored(decode(patched)), nil
	}
	meta, err := strategicpatch.NewPatchMetaFromStruct(versioned)
	if err != nil {
		return nil, err
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(original, modified, current, meta, true)
	if err != nil {
		return nil, err
	}
	patched, err := strategicpatch.StrategicMergePatch(current, patch, versioned)
	if err != nil {
		return nil, err
	}
	return stored(decode(patched)), nil
}

// kubectl apply --server-side --force-conflicts.
func (s apiServer) applyServerSide(live, target *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	if live == nil {
		live = emptyOf(target)
	}
	applied, err := managedfieldstest.NewFakeFieldManager(s.types, target.GroupVersionKind()).Apply(live.DeepCopy(), target.DeepCopy(), argocdManager, true)
	if err != nil {
		return nil, err
	}
	return stored(applied.(*unstructured.Unstructured)), nil
}

// A write of the whole object by somebody: what it leaves in managedFields.
func (s apiServer) update(live, changed *unstructured.Unstructured, manager string) (*unstructured.Unstructured, error) {
	if live == nil {
		live = emptyOf(changed)
	}
	updated, err := managedfieldstest.NewFakeFieldManager(s.types, changed.GroupVersionKind()).Update(live.DeepCopy(), changed.DeepCopy(), manager)
	if err != nil {
		return nil, err
	}
	return updated.(*unstructured.Unstructured), nil
}

func emptyOf(target *unstructured.Unstructured) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: object{"apiVersion": target.GetAPIVersion(), "kind": target.GetKind()}}
}

var serverOwned = []string{"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"}
var allocated = []string{"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}

// kubectl replace.
func (s apiServer) replace(live, target *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	replaced := target.DeepCopy()
	if live == nil {
		return stored(replaced), nil
	}
	for _, key := range serverOwned {
		keep(live, replaced, "metadata", key)
	}
	if status, ok := live.Object["status"]; ok {
		replaced.Object["status"] = status
	}
	if target.GetKind() == "Service" && target.GetAPIVersion() == "v1" {
		if replaced.Object["spec"] == nil {
			replaced.Object["spec"] = object{}
		}
		for _, key := range allocated {
			if spec, ok := replaced.Object["spec"].(object); !ok || spec[key] == nil {
				keep(live, replaced, "spec", key)
			}
		}
	}
	return stored(replaced), nil
}

func keep(from, to *unstructured.Unstructured, path ...string) {
	if value, found, err := unstructured.NestedFieldCopy(from.Object, path...); found && err == nil {
		_ = unstructured.SetNestedField(to.Object, value, path...)
	}
}

// The defaulting functions of the kind, laid over the object; one that does not fit its type stays as it is.
func stored(un *unstructured.Unstructured) *unstructured.Unstructured {
	typed, err := gescheme.Scheme.New(un.GroupVersionKind())
	if err != nil {
		return un
	}
	raw := encode(un)
	if json.Unmarshal(raw, typed) != nil {
		return un
	}
	before, err := json.Marshal(typed)
	must(err)
	gescheme.Scheme.Default(typed)
	after, err := json.Marshal(typed)
	must(err)
	patch, err := jsonpatch.CreateMergePatch(before, after)
	must(err)
	patched, err := jsonpatch.MergePatch(raw, patch)
	must(err)
	return decode(patched)
}
