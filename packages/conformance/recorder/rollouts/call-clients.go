package main

import (
	"context"
	"encoding/json"
	"strings"

	smiv1alpha1 "github.com/servicemeshinterface/smi-sdk-go/pkg/apis/split/v1alpha1"
	smiv1alpha2 "github.com/servicemeshinterface/smi-sdk-go/pkg/apis/split/v1alpha2"
	smiv1alpha3 "github.com/servicemeshinterface/smi-sdk-go/pkg/apis/split/v1alpha3"
	smifake "github.com/servicemeshinterface/smi-sdk-go/pkg/gen/client/split/clientset/versioned/fake"
	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/dynamicinformer"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	kubeinformers "k8s.io/client-go/informers"
	k8sfake "k8s.io/client-go/kubernetes/fake"
	k8stesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"

	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/ambassador"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/traefik"
	apisixutil "github.com/argoproj/argo-rollouts/utils/apisix"
	istioutil "github.com/argoproj/argo-rollouts/utils/istio"
)

// unstructuredOf has whole numbers as int64, as an informer has them.
func unstructuredOf(m map[string]any) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	body, err := json.Marshal(m)
	if err == nil {
		err = u.UnmarshalJSON(body)
	}
	if err != nil {
		fail("%v", err)
	}
	return u
}

// customGVR is the resource of an object that the controller reads through its dynamic client.
func customGVR(m map[string]any) (schema.GroupVersionResource, bool) {
	kind, api := str(m["kind"]), str(m["apiVersion"])
	mesh := strings.HasPrefix(api, "appmesh.k8s.aws/")
	for _, gvr := range customGVRs() {
		if gvr.Resource == strings.ToLower(kind)+"s" && mesh == (gvr.Group == "appmesh.k8s.aws") {
			return gvr, true
		}
	}
	return schema.GroupVersionResource{}, false
}

func customGVRs() []schema.GroupVersionResource {
	mesh := func(resource string) schema.GroupVersionResource {
		return schema.GroupVersionResource{Group: "appmesh.k8s.aws", Version: "v1beta2", Resource: resource}
	}
	return []schema.GroupVersionResource{
		istioutil.GetIstioVirtualServiceGVR(), istioutil.GetIstioDestinationRuleGVR(), ambassador.GetMappingGVR(), traefik.GetMappingGVR(), apisixutil.GetMappingGVR(),
		mesh("virtualservices"), mesh("virtualrouters"), mesh("virtualnodes"),
	}
}

func listKinds() map[schema.GroupVersionResource]string {
	names := map[string]string{
		"virtualservices": "VirtualService", "destinationrules": "DestinationRule", "mappings": "Mapping", "traefikservices": "TraefikService", "apisixroutes": "ApisixRoute",
		"virtualrouters": "VirtualRouter", "virtualnodes": "VirtualNode",
	}
	out := map[schema.GroupVersionResource]string{}
	for _, gvr := range customGVRs() {
		out[gvr] = names[gvr.Resource] + "List"
	}
	return out
}

// clients are the API server and the caches of one question.
type clients struct {
	kube        *k8sfake.Clientset
	kubeI       kubeinformers.SharedInformerFactory
	dyn         *dynamicfake.FakeDynamicClient
	dynI        dynamicinformer.DynamicSharedInformerFactory
	split       *smifake.Clientset
	replicaSets []*appsv1.ReplicaSet
}

func newClients(objects []map[string]any) *clients {
	c := &clients{kube: k8sfake.NewSimpleClientset(), dyn: dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), listKinds()), split: smifake.NewSimpleClientset()}
	c.kubeI = kubeinformers.NewSharedInformerFactory(c.kube, 0)
	c.dynI = dynamicinformer.NewDynamicSharedInformerFactory(c.dyn, 0)
	for _, m := range objects {
		if err := c.place(m); err != nil {
			fail("%v", err)
		}
	}
	c.refresh()
	return c
}

func (c *clients) place(m map[string]any) (err error) {
	ctx, create := context.Background(), metav1.CreateOptions{}
	switch str(m["kind"]) + " " + str(m["apiVersion"]) {
	case "Ingress networking.k8s.io/v1":
		var o networkingv1.Ingress
		decode(m, &o)
		return c.kube.Tracker().Create(gvrs["Ingress"], &o, o.Namespace)
	case "ReplicaSet apps/v1":
		var o appsv1.ReplicaSet
		decode(m, &o)
		c.replicaSets = append(c.replicaSets, &o)
		return nil
	case "TrafficSplit split.smi-spec.io/v1alpha1":
		var o smiv1alpha1.TrafficSplit
		decode(m, &o)
		_, err = c.split.SplitV1alpha1().TrafficSplits(o.Namespace).Create(ctx, &o, create)
	case "TrafficSplit split.smi-spec.io/v1alpha2":
		var o smiv1alpha2.TrafficSplit
		decode(m, &o)
		_, err = c.split.SplitV1alpha2().TrafficSplits(o.Namespace).Create(ctx, &o, create)
	case "TrafficSplit split.smi-spec.io/v1alpha3":
		var o smiv1alpha3.TrafficSplit
		decode(m, &o)
		_, err = c.split.SplitV1alpha3().TrafficSplits(o.Namespace).Create(ctx, &o, create)
	default:
		gvr, ok := customGVR(m)
		if !ok {
			fail("no router has a %v", m["kind"])
		}
		u := unstructuredOf(m)
		u.SetAPIVersion(gvr.GroupVersion().String())
		return c.dyn.Tracker().Create(gvr, u, u.GetNamespace())
	}
	return err
}

func (c *clients) refresh() {
	ctx, all := context.Background(), metav1.ListOptions{}
	ingresses, err := c.kube.NetworkingV1().Ingresses("").List(ctx, all)
	if err != nil {
		fail("%v", err)
	}
	var items []any
	for i := range ingresses.Items {
		items = append(items, ingresses.Items[i].DeepCopy())
	}
	c.kubeI.Networking().V1().Ingresses().Informer().GetIndexer().Replace(items, "")
	for _, gvr := range []schema.GroupVersionResource{istioutil.GetIstioVirtualServiceGVR(), istioutil.GetIstioDestinationRuleGVR()} {
		list, err := c.dyn.Resource(gvr).Namespace("").List(ctx, all)
		if err != nil {
			fail("%v", err)
		}
		var items []any
		for i := range list.Items {
			items = append(items, list.Items[i].DeepCopy())
		}
		c.indexer(gvr).Replace(items, "")
	}
	c.forget()
}

func (c *clients) indexer(gvr schema.GroupVersionResource) cache.Indexer {
	return c.dynI.ForResource(gvr).Informer().GetIndexer()
}

func (c *clients) forget() {
	c.kube.ClearActions()
	c.dyn.ClearActions()
	c.split.ClearActions()
}

func (c *clients) writes() []CallWrite {
	out := []CallWrite{}
	for _, a := range append(c.kube.Actions(), append(c.dyn.Actions(), c.split.Actions()...)...) {
		w := CallWrite{Verb: a.GetVerb(), Resource: a.GetResource().Resource}
		switch x := a.(type) {
		case k8stesting.PatchAction:
			w.Name, w.PatchType, w.Patch = x.GetName(), patchTypes[x.GetPatchType()], string(x.GetPatch())
		case k8stesting.UpdateAction: // CreateAction has the same methods
			w.Object = toMap(x.GetObject())
			w.Name = nameIn(w.Object)
		case k8stesting.DeleteAction:
			w.Name = x.GetName()
		default:
			continue
		}
		out = append(out, w)
	}
	return out
}
