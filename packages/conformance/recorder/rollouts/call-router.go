package main

import (
	"reflect"

	"k8s.io/client-go/dynamic/dynamiclister"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/ambassador"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/apisix"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/appmesh"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/istio"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/nginx"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/smi"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/traefik"
	apisixutil "github.com/argoproj/argo-rollouts/utils/apisix"
	"github.com/argoproj/argo-rollouts/utils/defaults"
	ingressutil "github.com/argoproj/argo-rollouts/utils/ingress"
	istioutil "github.com/argoproj/argo-rollouts/utils/istio"
	"github.com/argoproj/argo-rollouts/utils/record"
)

// Call is one call of a router; `refresh` makes the caches equal to the API server, as between two syncs.
type Call struct {
	Call       string                       `json:"call"`
	Weight     int32                        `json:"weight,omitempty"`
	Additional []v1alpha1.WeightDestination `json:"additional,omitempty"`
	CanaryHash string                       `json:"canaryHash,omitempty"`
	StableHash string                       `json:"stableHash,omitempty"`
	Header     *v1alpha1.SetHeaderRoute     `json:"setHeaderRoute,omitempty"`
	Mirror     *v1alpha1.SetMirrorRoute     `json:"setMirrorRoute,omitempty"`
}

type CallAnswer struct {
	Writes []CallWrite `json:"writes"`
	Error  string      `json:"error,omitempty"`
	Panic  string      `json:"panic,omitempty"`
	In     string      `json:"in,omitempty"`
	Verify string      `json:"verify,omitempty"`
}

type CallWrite struct {
	Verb      string         `json:"verb"`
	Resource  string         `json:"resource"`
	Name      string         `json:"name"`
	PatchType string         `json:"patchType,omitempty"`
	Patch     string         `json:"patch,omitempty"`
	Object    map[string]any `json:"object,omitempty"`
}

func (c *clients) router(q *Question, ro *v1alpha1.Rollout) trafficrouting.TrafficRoutingReconciler {
	rec, kind := record.NewFakeEventRecorder(), v1alpha1.SchemeGroupVersion.WithKind("Rollout")
	switch q.Router {
	case "nginx":
		wrap, err := ingressutil.NewIngressWrapper(ingressutil.IngressModeNetworking, c.kube, c.kubeI)
		if err != nil {
			fail("%v", err)
		}
		return nginx.NewReconciler(nginx.ReconcilerConfig{Rollout: ro, Client: c.kube, Recorder: rec, ControllerKind: kind, IngressWrapper: wrap})
	case "istio":
		vs, dr := istioutil.GetIstioVirtualServiceGVR(), istioutil.GetIstioDestinationRuleGVR()
		// up to v1.7 it takes no ReplicaSets
		f := reflect.ValueOf(istio.NewReconciler)
		args := []reflect.Value{reflect.ValueOf(ro), reflect.ValueOf(c.dyn), reflect.ValueOf(rec), reflect.ValueOf(dynamiclister.New(c.indexer(vs), vs)),
			reflect.ValueOf(dynamiclister.New(c.indexer(dr), dr)), reflect.ValueOf(c.replicaSets)}
		return f.Call(args[:f.Type().NumIn()])[0].Interface().(trafficrouting.TrafficRoutingReconciler)
	case "smi":
		version := q.SMI
		if version == "" {
			version = defaults.DefaultSMITrafficSplitVersion
		}
		defaults.SetSMIAPIVersion(version)
		r, err := smi.NewReconciler(smi.ReconcilerConfig{Rollout: ro, Client: c.split, Recorder: rec, ControllerKind: kind})
		if err != nil {
			fail("%v", err)
		}
		return r
	case "ambassador":
		return ambassador.NewReconciler(ro, ambassador.NewDynamicClient(c.dyn, ro.Namespace), rec)
	case "appMesh":
		return appmesh.NewReconciler(appmesh.ReconcilerConfig{Rollout: ro, Client: c.dyn, Recorder: rec})
	case "traefik":
		return traefik.NewReconciler(&traefik.ReconcilerConfig{Rollout: ro, Client: traefik.NewDynamicClient(c.dyn, ro.Namespace), Recorder: rec})
	case "apisix":
		return apisix.NewReconciler(&apisix.ReconcilerConfig{Rollout: ro, Client: apisixutil.NewDynamicClient(c.dyn, ro.Namespace), Recorder: rec})
	}
	fail("no such router: %s", q.Router)
	return nil
}

func askRouter(q *Question) []CallAnswer {
	c := newClients(q.Objects)
	r := c.router(q, typedRollout(q.Rollout))
	var answers []CallAnswer
	for _, call := range q.Calls {
		c.forget()
		if call.Call == "refresh" {
			c.refresh()
			answers = append(answers, CallAnswer{Writes: []CallWrite{}})
			continue
		}
		a := CallAnswer{}
		a.Panic, a.In = guard(func() {
			if err := perform(r, call, &a); err != nil {
				a.Error = err.Error()
			}
		})
		a.Writes = c.writes()
		answers = append(answers, a)
	}
	return answers
}

func perform(r trafficrouting.TrafficRoutingReconciler, c Call, a *CallAnswer) error {
	switch c.Call {
	case "setWeight":
		return r.SetWeight(c.Weight, c.Additional...)
	case "updateHash":
		return r.UpdateHash(c.CanaryHash, c.StableHash, c.Additional...)
	case "setHeaderRoute":
		return r.SetHeaderRoute(c.Header)
	case "setMirrorRoute":
		return r.SetMirrorRoute(c.Mirror)
	case "removeManagedRoutes":
		return r.RemoveManagedRoutes()
	case "verifyWeight":
		verified, err := r.VerifyWeight(c.Weight, c.Additional...)
		a.Verify = "nil"
		if verified != nil && *verified {
			a.Verify = "true"
		} else if verified != nil {
			a.Verify = "false"
		}
		return err
	}
	fail("no such call: %s", c.Call)
	return nil
}
