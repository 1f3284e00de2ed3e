// Asks the real code of one release of Argo CD. Cases come in on standard input and go out, answered, on standard output, one JSON value a line.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"runtime/debug"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	k8sjson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/klog/v2"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

type object = map[string]any

// A case as the vectors have it, with its objects in place of their ids.
type question struct {
	Name                   string                               `json:"name"`
	Group                  string                               `json:"group"`
	Target                 json.RawMessage                      `json:"target,omitempty"`
	Live                   json.RawMessage                      `json:"live,omitempty"`
	Object                 json.RawMessage                      `json:"object,omitempty"`
	LiveVariant            string                               `json:"liveVariant,omitempty"`
	LiveManager            string                               `json:"liveManager,omitempty"`
	IgnoreDifferences      []v1alpha1.ResourceIgnoreDifferences `json:"ignoreDifferences"`
	ArgocdCm               map[string]string                    `json:"argocdCm"`
	IncludeMutationWebhook bool                                 `json:"includeMutationWebhook,omitempty"`
	// Where it is given, live is made of it: deployed as liveVariant says, then changed by liveManager into live.
	Deployed json.RawMessage `json:"deployed,omitempty"`
	// Whether live has to fit its schema, as all that an API server holds does.
	CheckLive bool `json:"checkLive,omitempty"`
	Result    any  `json:"result,omitempty"`
	// Why the case cannot be asked: a live object that no API server would hold.
	Refused string `json:"refused,omitempty"`
}

func main() {
	debug.SetGCPercent(400)
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	recorder := newRecorder(os.Args[1:])
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			var asked question
			must(json.Unmarshal(line, &asked))
			recorder.answer(&asked)
			answered, err := json.Marshal(asked)
			must(err)
			out.Write(append(answered, '\n'))
			if lines.Buffered() == 0 {
				must(out.Flush())
			}
		}
		if err != nil {
			return
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Objects are numbers and all as the informer's decoder has them: integers stay integers.
func decode(raw json.RawMessage) *unstructured.Unstructured {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	content := object{}
	must(k8sjson.Unmarshal(raw, &content))
	return &unstructured.Unstructured{Object: content}
}

func encode(un *unstructured.Unstructured) json.RawMessage {
	if un == nil {
		return json.RawMessage("null")
	}
	raw, err := json.Marshal(un.Object)
	must(err)
	return raw
}

func copied(un *unstructured.Unstructured) *unstructured.Unstructured {
	if un == nil {
		return nil
	}
	return un.DeepCopy()
}
