package main

import (
	"reflect"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/dynamicinformer"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	kubeinformers "k8s.io/client-go/informers"
	k8sfake "k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/cache"
	k8srecord "k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"

	"github.com/argoproj/argo-rollouts/controller/metrics"
	"github.com/argoproj/argo-rollouts/ingress"
	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	argofake "github.com/argoproj/argo-rollouts/pkg/client/clientset/versioned/fake"
	argoinformers "github.com/argoproj/argo-rollouts/pkg/client/informers/externalversions"
	"github.com/argoproj/argo-rollouts/rollout"
	"github.com/argoproj/argo-rollouts/service"
	"github.com/argoproj/argo-rollouts/utils/aws"
	ingressutil "github.com/argoproj/argo-rollouts/utils/ingress"
	istioutil "github.com/argoproj/argo-rollouts/utils/istio"
	"github.com/argoproj/argo-rollouts/utils/record"
)

const namespace = "default"

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type noWorkloadRef struct{}

func (noWorkloadRef) Resolve(*v1alpha1.Rollout) error { return nil }

// World is the API server, the informer caches and the three controllers of one scenario.
type World struct {
	now       time.Time
	lastRS    time.Time
	uids      int
	git       map[string]map[string]any // "Kind/name" -> the manifest as Git has it
	pods      map[string]podMode        // image -> how its pods behave
	hashes    []string
	kube      *k8sfake.Clientset
	argo      *argofake.Clientset
	dyn       *dynamicfake.FakeDynamicClient
	kubeI     kubeinformers.SharedInformerFactory
	argoI     argoinformers.SharedInformerFactory
	rollouts  *rollout.Controller
	ingresses *ingress.Controller
	services  *service.Controller
	events    chan string
	queues    []workqueue.RateLimitingInterface
	recording *Sync
	dirty     bool // something was written since the caches were refreshed
}

type podMode struct {
	state string // ready (default) | slow | crash | limit
	limit int32
}

func newWorld() *World {
	w := &World{now: start, lastRS: start.Add(-time.Hour), git: map[string]map[string]any{}, pods: map[string]podMode{}}
	setClock(func() time.Time { return w.now })
	aws.NewClient = aws.FakeNewClientFunc(nil)
	w.kube = k8sfake.NewSimpleClientset()
	w.argo = argofake.NewSimpleClientset()
	w.kubeI = kubeinformers.NewSharedInformerFactory(w.kube, 0)
	w.argoI = argoinformers.NewSharedInformerFactory(w.argo, 0)

	scheme := runtime.NewScheme()
	v1alpha1.AddToScheme(scheme)
	vs, dr := istioutil.GetIstioVirtualServiceGVR(), istioutil.GetIstioDestinationRuleGVR()
	lists := listKinds()
	lists[schema.GroupVersionResource{Group: "elbv2.k8s.aws", Version: "v1beta1", Resource: "targetgroupbindings"}] = "TargetGroupBindingList"
	dyn := dynamicfake.NewSimpleDynamicClientWithCustomListKinds(scheme, lists)
	w.dyn = dyn
	dynI := dynamicinformer.NewDynamicSharedInformerFactory(dyn, 0)

	queue := func(name string) workqueue.RateLimitingInterface {
		q := workqueue.NewNamedRateLimitingQueue(workqueue.DefaultControllerRateLimiter(), name)
		w.queues = append(w.queues, q)
		return q
	}
	roQ, svcQ, ingQ := queue("Rollouts"), queue("Services"), queue("Ingresses")
	metric := metrics.NewMetricsServer(metrics.ServerConfig{Addr: "localhost:0", K8SRequestProvider: &metrics.K8sRequestsCountProvider{}})
	wrap, err := ingressutil.NewIngressWrapper(ingressutil.IngressModeNetworking, w.kube, w.kubeI)
	if err != nil {
		panic(err)
	}
	recorder := record.NewFakeEventRecorder()
	w.events = recorder.Recorder.(*k8srecord.FakeRecorder).Events

	argo := w.argoI.Argoproj().V1alpha1()
	cfg := rollout.ControllerConfig{
		Namespace: metav1.NamespaceAll, KubeClientSet: w.kube, ArgoProjClientset: w.argo, DynamicClientSet: dyn, RefResolver: noWorkloadRef{},
		ExperimentInformer: argo.Experiments(), AnalysisRunInformer: argo.AnalysisRuns(), AnalysisTemplateInformer: argo.AnalysisTemplates(),
		ClusterAnalysisTemplateInformer: argo.ClusterAnalysisTemplates(), ReplicaSetInformer: w.kubeI.Apps().V1().ReplicaSets(),
		ServicesInformer: w.kubeI.Core().V1().Services(), IngressWrapper: wrap, RolloutsInformer: argo.Rollouts(), IstioPrimaryDynamicClient: dyn,
		IstioVirtualServiceInformer: dynI.ForResource(vs).Informer(), IstioDestinationRuleInformer: dynI.ForResource(dr).Informer(),
		ResyncPeriod: 15 * time.Minute, RolloutWorkQueue: roQ, ServiceWorkQueue: svcQ, IngressWorkQueue: ingQ, MetricsServer: metric, Recorder: recorder,
	}
	for _, f := range []string{"EphemeralMetadataThreads", "EphemeralMetadataPodRetries"} { // not in every version
		if v := reflect.ValueOf(&cfg).Elem().FieldByName(f); v.IsValid() {
			v.SetInt(3)
		}
	}
	w.rollouts = rollout.NewController(cfg)
	w.ingresses = ingress.NewController(ingress.ControllerConfig{
		Client: w.kube, IngressWrap: wrap, IngressWorkQueue: ingQ, RolloutsInformer: argo.Rollouts(), RolloutWorkQueue: roQ, MetricsServer: metric,
		ALBClasses: []string{"alb"}, NGINXClasses: []string{"nginx"},
	})
	w.services = service.NewController(service.ControllerConfig{
		Kubeclientset: w.kube, Argoprojclientset: w.argo, RolloutsInformer: argo.Rollouts(), ServicesInformer: w.kubeI.Core().V1().Services(),
		RolloutWorkqueue: roQ, ServiceWorkqueue: svcQ, MetricsServer: metric,
	})
	w.react(&w.kube.Fake, w.kube.Tracker())
	w.react(&w.argo.Fake, w.argo.Tracker())
	return w
}

func (w *World) close() {
	for _, q := range w.queues {
		q.ShutDown()
	}
}

// refresh makes the informer caches equal to the API server.
func (w *World) refresh() {
	w.kube.ClearActions()
	w.argo.ClearActions()
	if !w.dirty {
		return
	}
	w.dirty = false
	a := w.argoI.Argoproj().V1alpha1()
	for kind, idx := range map[string]cache.Indexer{
		"Rollout": a.Rollouts().Informer().GetIndexer(), "Experiment": a.Experiments().Informer().GetIndexer(), "AnalysisRun": a.AnalysisRuns().Informer().GetIndexer(),
		"ClusterAnalysisTemplate": a.ClusterAnalysisTemplates().Informer().GetIndexer(), "AnalysisTemplate": a.AnalysisTemplates().Informer().GetIndexer(), "Service": w.kubeI.Core().V1().Services().Informer().GetIndexer(),
		"Ingress": w.kubeI.Networking().V1().Ingresses().Informer().GetIndexer(), "ReplicaSet": w.kubeI.Apps().V1().ReplicaSets().Informer().GetIndexer(),
	} {
		var items []any
		for _, o := range w.list(kind) {
			items = append(items, o)
		}
		idx.Replace(items, "")
	}
}
