package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	log "github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubectl/pkg/util/openapi"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"github.com/argoproj/argo-cd/v3/controller"
	argodiff "github.com/argoproj/argo-cd/v3/util/argo/diff"
	"github.com/argoproj/argo-cd/v3/util/argo/normalizers"
)

type recorder struct {
	server    apiServer
	resources openapi.Resources
	settings  settingsReader
	debug     *debugLog
}

func newRecorder(schemas []string) *recorder {
	written := &debugLog{}
	log.SetLevel(log.DebugLevel)
	log.SetOutput(io.Discard)
	log.AddHook(written)
	parser, resources := readSchemas(schemas)
	return &recorder{server: apiServer{types{parser}}, resources: resources, settings: settingsReader{map[string]comparisonSettings{}}, debug: written}
}

// What Argo CD only logs: the errors that it swallows.
type debugLog struct{ lines []string }

func (d *debugLog) Levels() []log.Level { return []log.Level{log.DebugLevel} }
func (d *debugLog) Fire(entry *log.Entry) error {
	line := strings.TrimPrefix(strings.TrimPrefix(entry.Message, "Failed to apply normalization patch: "), "Failed to apply normalization: ")
	if !slices.Contains(d.lines, line) {
		d.lines = append(d.lines, line)
	}
	return nil
}

func (d *debugLog) during(step func()) []string {
	d.lines = []string{}
	step()
	return d.lines
}

func (r *recorder) answer(q *question) {
	settings := r.settings.read(q.ArgocdCm)
	if settings.err != nil {
		q.Refused = settings.err.Error()
		return
	}
	if object := decode(q.Object); object != nil {
		q.Result = r.ignore(q, settings, object)
		return
	}
	if q.Deployed != nil {
		live, err := r.makeLive(q)
		if err != nil {
			q.Refused = err.Error()
			return
		}
		q.Live = encode(live)
		q.Deployed = nil
	}
	target, live := decode(q.Target), decode(q.Live)
	if q.CheckLive && live != nil {
		if _, err := r.server.types.ObjectToTyped(live, typed.AllowDuplicates); err != nil {
			q.Refused = err.Error()
			return
		}
		q.CheckLive = false
	}
	// Go writes numbers in its own way; what is asked is what will be read.
	q.Target, q.Live = encode(target), encode(live)
	target, live = decode(q.Target), decode(q.Live)
	modes := []string{"legacy", "smd"}
	if strings.HasSuffix(q.LiveVariant, "-mf") {
		modes = append(modes, "ssd")
	}
	compared := object{}
	for _, mode := range modes {
		compared[mode] = r.compare(q, settings, mode, target, live)
	}
	config := r.config(q, settings, "legacy", live)
	rid, respected := r.respectIgnore(target, live, config)
	result := object{"compare": compared, "normalized": r.normalize(target, live, config), "rid": rid}
	if target != nil {
		result["sync"] = r.syncs(target, respected, live)
	}
	q.Result = result
}

func (r *recorder) config(q *question, settings comparisonSettings, mode string, live *unstructured.Unstructured) argodiff.DiffConfig {
	config, err := argodiff.NewDiffConfigBuilder().
		WithDiffSettings(q.IgnoreDifferences, settings.overrides, settings.ignoreAggregatedRoles, normalizers.IgnoreNormalizerOpts{}).
		WithTracking(settings.instanceLabel, settings.tracking).
		WithNoCache().
		WithIgnoreMutationWebhook(!q.IncludeMutationWebhook).
		WithGVKParser(r.server.types.parser).
		WithManager(argocdManager).
		WithServerSideDiff(mode == "ssd").
		WithServerSideDryRunner(dryRun{r.server, live}).
		WithStructuredMergeDiff(mode == "smd").
		Build()
	must(err)
	return config
}

// The API server's answer to a server-side apply that is not kept.
type dryRun struct {
	server apiServer
	live   *unstructured.Unstructured
}

func (d dryRun) Run(_ context.Context, target *unstructured.Unstructured, _ string) (string, error) {
	applied, err := d.server.applyServerSide(d.live, target)
	if err != nil {
		return "", err
	}
	return string(encode(applied)), nil
}

func (r *recorder) compare(q *question, settings comparisonSettings, mode string, target, live *unstructured.Unstructured) (answer object) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = object{"sync": "panic", "error": fmt.Sprintf("panic: %v", problem), "droppedByApplyOutOfSyncOnly": false}
		}
	}()
	result, err := controller.StateDiff(copied(live), copied(target), r.config(q, settings, mode, live))
	if err != nil {
		return object{"sync": "Unknown", "error": err.Error(), "condition": "Failed to compare desired state to live state: " + err.Error(), "droppedByApplyOutOfSyncOnly": false}
	}
	both := target != nil && live != nil
	sync := "Synced"
	if result.Modified || !both {
		sync = "OutOfSync"
	}
	return object{
		"sync": sync, "modified": result.Modified, "droppedByApplyOutOfSyncOnly": both && !result.Modified,
		"normalizedLive": json.RawMessage(result.NormalizedLive), "predictedLive": json.RawMessage(result.PredictedLive),
	}
}

func (r *recorder) normalize(target, live *unstructured.Unstructured, config argodiff.DiffConfig) (answer object) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = object{"error": fmt.Sprintf("panic: %v", problem)}
		}
	}()
	swallowed := r.debug.during(func() {
		both, err := argodiff.Normalize([]*unstructured.Unstructured{copied(live)}, []*unstructured.Unstructured{copied(target)}, config)
		if err != nil {
			answer = object{"error": err.Error()}
		} else {
			answer = object{"target": encode(both.Targets[0]), "live": encode(both.Lives[0])}
		}
	})
	if answer["error"] == nil {
		answer["swallowed"] = swallowed
	}
	return answer
}

func (r *recorder) respectIgnore(target, live *unstructured.Unstructured, config argodiff.DiffConfig) (answer object, respected *unstructured.Unstructured) {
	defer func() {
		if problem := recover(); problem != nil {
			answer, respected = object{"panic": true, "error": fmt.Sprintf("panic: %v", problem)}, nil
		}
	}()
	respected, err := controller.RespectIgnore(copied(live), copied(target), config, r.resources)
	if err != nil {
		return object{"error": err.Error(), "message": "Failed to normalize target resources: " + err.Error()}, nil
	}
	return object{"target": encode(respected), "sameAsTarget": string(encode(respected)) == string(encode(target))}, respected
}

func (r *recorder) syncs(target, respected, live *unstructured.Unstructured) object {
	without := r.synced(target, live)
	answer := object{"withoutRid": without}
	if respected != nil {
		answer["withRid"] = "same as withoutRid"
		if !reflect.DeepEqual(respected.Object, target.Object) {
			answer["withRid"] = r.synced(respected, live)
		}
	}
	return answer
}

func (r *recorder) synced(target, live *unstructured.Unstructured) object {
	answer := object{}
	for how, apply := range map[string]func(live, target *unstructured.Unstructured) (*unstructured.Unstructured, error){
		"csa": r.server.applyClientSide, "ssa": r.server.applyServerSide, "replace": r.server.replace,
	} {
		answer[how] = afterSync(apply, target, live)
	}
	return answer
}

func afterSync(apply func(live, target *unstructured.Unstructured) (*unstructured.Unstructured, error), target, live *unstructured.Unstructured) (answer object) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = object{"error": fmt.Sprintf("panic: %v", problem)}
		}
	}()
	after, err := apply(copied(live), copied(target))
	if err != nil {
		return object{"error": err.Error()}
	}
	kept := object{"annotations": object{}, "labels": object{}}
	for key, value := range after.Object {
		if key != "apiVersion" && key != "kind" && key != "metadata" && key != "status" {
			kept[key] = value
		}
	}
	metadata, _ := after.Object["metadata"].(object)
	_, lastApplied := nested(metadata, "annotations")[lastAppliedAnnotation]
	for _, key := range []string{"annotations", "labels"} {
		for name, value := range nested(metadata, key) {
			if name != lastAppliedAnnotation {
				kept[key].(object)[name] = value
			}
		}
	}
	return object{"object": kept, "lastApplied": lastApplied}
}

const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration"

func nested(parent object, key string) object {
	child, _ := parent[key].(object)
	return child
}

func (r *recorder) ignore(q *question, settings comparisonSettings, un *unstructured.Unstructured) object {
	normalizer, err := normalizers.NewIgnoreNormalizer(q.IgnoreDifferences, settings.overrides, normalizers.IgnoreNormalizerOpts{})
	if err != nil {
		return object{"error": err.Error()}
	}
	var failed error
	swallowed := r.debug.during(func() { failed = normalizer.Normalize(un) })
	if failed != nil {
		return object{"error": failed.Error()}
	}
	return object{"object": encode(un), "swallowed": swallowed}
}

// A live object as the API server comes to hold it.
func (r *recorder) makeLive(q *question) (*unstructured.Unstructured, error) {
	deployed, changed := decode(q.Deployed), decode(q.Live)
	if changed == nil {
		return nil, nil
	}
	switch q.LiveVariant {
	case "csa-mf":
		return r.madeBy(r.server.applyClientSide, deployed, changed, q.LiveManager, true)
	case "ssa-mf":
		return r.madeBy(r.server.applyServerSide, deployed, changed, q.LiveManager, false)
	case "csa":
		annotate(changed, deployed)
	}
	return changed, nil
}

func (r *recorder) madeBy(apply func(live, target *unstructured.Unstructured) (*unstructured.Unstructured, error), deployed, changed *unstructured.Unstructured, manager string, annotated bool) (*unstructured.Unstructured, error) {
	created, err := apply(nil, deployed)
	if err != nil {
		return nil, err
	}
	if annotated {
		if created, err = r.server.update(nil, created, argocdManager); err != nil {
			return nil, err
		}
		annotate(changed, deployed)
	}
	changed.SetManagedFields(created.GetManagedFields())
	return r.server.update(created, changed, manager)
}

func annotate(changed, deployed *unstructured.Unstructured) {
	raw, err := deployed.MarshalJSON()
	must(err)
	_ = unstructured.SetNestedField(changed.Object, string(raw), "metadata", "annotations", lastAppliedAnnotation)
}
