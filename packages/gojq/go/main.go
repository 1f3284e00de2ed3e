// Command gojq answers del() expressions for the JavaScript that hosts it as WebAssembly.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unsafe"
)

type evaluate = func(ctx context.Context, object []byte) ([]byte, error)

// releases is filled by releases.go, which the build script writes: one entry per gojq release.
var releases = map[string]func(expression string) (evaluate, error){}

type request struct {
	Gojq        string            `json:"gojq"`
	Limit       int64             `json:"limit"` // milliseconds for each evaluation
	Expressions []string          `json:"expressions"`
	Objects     []json.RawMessage `json:"objects"`
	Pairs       [][2]int          `json:"pairs"` // expression, object
}

type answer struct {
	Object   json.RawMessage `json:"object,omitempty"`
	Error    string          `json:"error,omitempty"`
	Panic    string          `json:"panic,omitempty"`
	TimedOut bool            `json:"timedOut,omitempty"`
	Millis   float64         `json:"millis"`
}

type reply struct {
	Invalid []string `json:"invalid"` // per expression, empty where it compiles
	Answers []answer `json:"answers"` // per pair
	Error   string   `json:"error,omitempty"`
}

var input, output []byte

//go:wasmexport reserve
func reserve(size int32) unsafe.Pointer {
	input = make([]byte, size)
	return unsafe.Pointer(unsafe.SliceData(input))
}

//go:wasmexport respond
func respond() int32 {
	var asked request
	if err := json.Unmarshal(input, &asked); err != nil {
		return finish(reply{Error: err.Error()})
	}
	compile, ok := releases[asked.Gojq]
	if !ok {
		return finish(reply{Error: fmt.Sprintf("no gojq %q in this build", asked.Gojq)})
	}
	answered := reply{Invalid: make([]string, len(asked.Expressions)), Answers: make([]answer, len(asked.Pairs))}
	programs := make([]evaluate, len(asked.Expressions))
	for i, expression := range asked.Expressions {
		program, err := compile(expression)
		if err != nil {
			answered.Invalid[i] = err.Error()
		}
		programs[i] = program
	}
	for i, pair := range asked.Pairs {
		if program := programs[pair[0]]; program != nil {
			answered.Answers[i] = run(program, asked.Objects[pair[1]], time.Duration(asked.Limit)*time.Millisecond)
		}
	}
	return finish(answered)
}

//go:wasmexport answered
func answered() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(output)) }

func finish(r reply) int32 {
	output, _ = json.Marshal(r)
	return int32(len(output))
}

func run(program evaluate, object []byte, limit time.Duration) answer {
	start := time.Now()
	result, err := guarded(program, &deadline{Context: context.Background(), until: start.Add(limit)}, object)
	millis := float64(time.Since(start).Microseconds()) / 1000
	if errors.Is(err, context.DeadlineExceeded) {
		return answer{TimedOut: true, Millis: millis}
	}
	var panicked panicError
	if errors.As(err, &panicked) {
		return answer{Panic: err.Error(), Millis: millis}
	}
	if err != nil {
		return answer{Error: err.Error(), Millis: millis}
	}
	return answer{Object: result, Millis: millis}
}

type panicError string

func (p panicError) Error() string { return string(p) }

func guarded(program evaluate, ctx context.Context, object []byte) (result []byte, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = panicError(fmt.Sprint(thrown))
		}
	}()
	return program(ctx, object)
}

// deadline looks at the clock itself: one thread of WebAssembly runs no timers while gojq computes.
type deadline struct {
	context.Context
	until time.Time
	calls int
	over  bool
}

var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()
var open = make(chan struct{})

func (d *deadline) Done() <-chan struct{} {
	if d.calls++; d.calls&1023 == 0 && time.Now().After(d.until) {
		d.over = true
	}
	if d.over {
		return closed
	}
	return open
}

func (d *deadline) Err() error {
	if d.over {
		return context.DeadlineExceeded
	}
	return nil
}

func main() {}
