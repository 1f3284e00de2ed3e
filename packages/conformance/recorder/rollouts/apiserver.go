package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	k8stesting "k8s.io/client-go/testing"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
)

// react records every write in the order sent, and does what an API server does to it: UID and creation time, and the checks of an Ingress that matter here.
func (w *World) react(fake *k8stesting.Fake, tracker k8stesting.ObjectTracker) {
	base := k8stesting.ObjectReaction(tracker)
	fake.PrependReactor("*", "*", func(action k8stesting.Action) (bool, runtime.Object, error) {
		verb := action.GetVerb()
		kind := kinds[action.GetResource().Resource]
		if verb == "get" || verb == "list" || verb == "watch" || gvrs[kind].Resource == "" {
			return false, nil, nil
		}
		w.dirty = true
		wr := &Write{Verb: verb, Kind: kind, Sub: action.GetSubresource()}
		var before runtime.Object
		switch a := action.(type) {
		case k8stesting.PatchAction:
			wr.Name, wr.PatchType, wr.Patch = a.GetName(), patchTypes[a.GetPatchType()], string(a.GetPatch())
		case k8stesting.UpdateAction: // CreateAction has the same methods
			m, _ := meta.Accessor(a.GetObject())
			wr.Name = m.GetName()
			if verb == "create" {
				w.admit(a.GetObject(), kind)
			}
		case k8stesting.DeleteAction:
			wr.Name = a.GetName()
		}
		if verb != "create" {
			before, _ = tracker.Get(action.GetResource(), namespace, wr.Name)
		}
		if a, ok := action.(k8stesting.UpdateAction); ok {
			w.describe(wr, kind, before, a.GetObject())
		}
		var old map[string]any
		if before != nil {
			before = before.DeepCopyObject()
			old = toMap(before)
		}
		handled, obj, err := base(action)
		if err == nil && verb != "delete" {
			now, _ := tracker.Get(action.GetResource(), namespace, wr.Name)
			if problem := refuse(kind, wr.Name, now); problem != nil {
				if before != nil {
					tracker.Update(action.GetResource(), before, namespace)
				}
				obj, err = nil, problem
			} else if now != nil {
				fresh := toMap(now)
				wr.Noop = before != nil && reflect.DeepEqual(old, fresh)
				if before != nil && !reflect.DeepEqual(old["spec"], fresh["spec"]) {
					now = now.DeepCopyObject()
					m, _ := meta.Accessor(now)
					m.SetGeneration(m.GetGeneration() + 1)
					tracker.Update(action.GetResource(), now, namespace)
					obj = now
				}
			}
		}
		if err != nil {
			wr.Error = err.Error()
		}
		if w.recording != nil {
			wr.By = w.recording.By
			w.recording.Writes = append(w.recording.Writes, wr)
		}
		return handled, obj, err
	})
}

var patchTypes = map[types.PatchType]string{types.JSONPatchType: "json", types.MergePatchType: "merge", types.StrategicMergePatchType: "strategic", types.ApplyPatchType: "apply"}

func (w *World) admit(obj runtime.Object, kind string) {
	m, _ := meta.Accessor(obj)
	w.uids++
	if m.GetUID() == "" {
		m.SetUID(types.UID(fmt.Sprintf("uid-%d", w.uids)))
	}
	at := w.now
	if kind == "ReplicaSet" {
		if !at.After(w.lastRS) {
			at = w.lastRS.Add(time.Second)
		}
		w.lastRS = at
		if h := m.GetLabels()[v1alpha1.DefaultRolloutUniqueLabelKey]; h != "" && !contains(w.hashes, h) {
			w.hashes = append(w.hashes, h)
		}
	}
	m.SetCreationTimestamp(metav1.NewTime(at))
	m.SetGeneration(1)
	m.SetNamespace(namespace)
}

// describe says what an update changes (the object without status, as a merge patch) and what a create makes.
func (w *World) describe(wr *Write, kind string, before, obj runtime.Object) {
	body, _ := json.Marshal(obj)
	m := toMap(obj)
	switch {
	case kind == "Ingress" || kind == "Service":
		wr.Object = string(body)
	case wr.Verb == "create" && kind == "ReplicaSet":
		rs := obj.(*appsv1.ReplicaSet)
		wr.Replicas = rs.Spec.Replicas
	}
	if before != nil {
		old := toMap(before)
		delete(old, "status")
		delete(m, "status")
		p, _ := json.Marshal(diffPatch(old, m))
		wr.Patch, wr.Computed = string(p), true
	}
}

// refuse is the part of the API server's validation of an Ingress that the controller can run into.
func refuse(kind, name string, obj runtime.Object) error {
	ing, ok := obj.(*networkingv1.Ingress)
	if !ok {
		return nil
	}
	errs := apivalidation.ValidateAnnotations(ing.Annotations, field.NewPath("metadata", "annotations"))
	rules := field.NewPath("spec", "rules")
	for i, r := range ing.Spec.Rules {
		if r.HTTP == nil {
			continue
		}
		paths := rules.Index(i).Child("http", "paths")
		if len(r.HTTP.Paths) == 0 {
			errs = append(errs, field.Required(paths, ""))
		}
		for j, p := range r.HTTP.Paths {
			if s := p.Backend.Service; s != nil {
				for _, msg := range validation.IsDNS1035Label(s.Name) {
					errs = append(errs, field.Invalid(paths.Index(j).Child("backend", "service", "name"), s.Name, msg))
				}
			}
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return apierrors.NewInvalid(schema.GroupKind{Group: "networking.k8s.io", Kind: "Ingress"}, name, errs)
}

// put writes an object as a person would: no record, metadata.generation goes up when the spec differs; returns the API server's refusal.
func (w *World) put(kind string, m map[string]any) error {
	obj := newObject(kind)
	b, _ := json.Marshal(m)
	if err := json.Unmarshal(b, obj); err != nil {
		return err
	}
	acc, _ := meta.Accessor(obj)
	acc.SetNamespace(namespace)
	if err := refuse(kind, acc.GetName(), obj); err != nil {
		return err
	}
	old := w.get(kind, acc.GetName())
	if old == nil {
		if kind == "Rollout" {
			acc.SetUID(types.UID("uid-" + acc.GetName()))
		}
		w.admit(obj, kind)
		return w.tracker(kind).Create(gvrs[kind], obj, namespace)
	}
	oldM, newM := toMap(old), toMap(obj)
	if !reflect.DeepEqual(oldM["spec"], newM["spec"]) {
		oa, _ := meta.Accessor(old)
		acc.SetGeneration(oa.GetGeneration() + 1)
	}
	return w.tracker(kind).Update(gvrs[kind], obj, namespace)
}
