package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/validation"
)

// Question is one thing asked of a part of the controller, without a walk around it.
type Question struct {
	Ask     string           `json:"ask"` // spec | references | router
	Router  string           `json:"router,omitempty"`
	SMI     string           `json:"smi,omitempty"` // --traffic-split-api-version
	Rollout map[string]any   `json:"rollout"`
	Objects []map[string]any `json:"objects,omitempty"`
	Calls   []Call           `json:"calls,omitempty"`
}

// Answer holds what was asked for: all errors of ValidateRollout; or the condition, error or panic of the first sync; or what each call of a router wrote.
type Answer struct {
	Errors    []string     `json:"errors,omitempty"`
	Condition string       `json:"condition,omitempty"`
	Error     string       `json:"error,omitempty"`
	Panic     string       `json:"panic,omitempty"`
	Calls     []CallAnswer `json:"calls,omitempty"`
}

var address = regexp.MustCompile(`0x[0-9a-f]{8,}`) // messages of old versions print pointers

// answerCalls reads questions from standard input and writes one answer for each.
func answerCalls() {
	var questions []Question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		fail("%v", err)
	}
	answers := make([]Answer, 0, len(questions))
	for i := range questions {
		answers = append(answers, answer(&questions[i]))
	}
	body, err := marshal(answers)
	if err != nil {
		fail("%v", err)
	}
	os.Stdout.Write(body)
}

func answer(q *Question) (a Answer) {
	switch q.Ask {
	case "spec":
		a.Panic, _ = guard(func() {
			for _, e := range validation.ValidateRollout(typedRollout(q.Rollout)) {
				a.Errors = append(a.Errors, address.ReplaceAllString(e.Error(), "0xADDRESS"))
			}
		})
	case "references":
		a = askReferences(q)
	case "router":
		a.Calls = askRouter(q)
	default:
		fail("no such question: %s", q.Ask)
	}
	return a
}

// typedRollout is the Rollout as the controller reads it: marshalled once more.
func typedRollout(m map[string]any) *v1alpha1.Rollout {
	var first, second v1alpha1.Rollout
	decode(m, &first)
	decode(&first, &second)
	return &second
}

func decode(from, into any) {
	body, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if err != nil {
		fail("%v", err)
	}
}

func guard(f func()) (text, in string) {
	defer func() {
		if r := recover(); r != nil {
			text, in = fmt.Sprint(r), panicIn(string(debug.Stack()))
		}
	}()
	f()
	return "", ""
}
