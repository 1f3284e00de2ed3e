// Package adapter runs one gojq release as Argo CD's ignore normaliser does (util/argo/normalizers/diff_normalizer.go).
// The build script makes one copy of it per release, each with its own import of gojq.
package adapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/itchyny/gojq"
)

// Compile compiles del(expression) and returns what evaluates it on one object: exactly one output, float64 numbers.
func Compile(expression string) (func(ctx context.Context, object []byte) ([]byte, error), error) {
	query, err := gojq.Parse("del(" + expression + ")")
	if err != nil {
		return nil, err
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, object []byte) ([]byte, error) {
		var input any
		if err := json.Unmarshal(object, &input); err != nil {
			return nil, err
		}
		outputs := code.RunWithContext(ctx, input)
		first, ok := outputs.Next()
		if !ok {
			return nil, errors.New("JQ patch did not return any data")
		}
		if err, ok := first.(error); ok {
			if errors.Is(err, context.DeadlineExceeded) {
				return nil, err
			}
			return nil, fmt.Errorf("JQ patch returned error: %w", err)
		}
		if _, ok := outputs.Next(); ok {
			return nil, errors.New("JQ patch returned multiple objects")
		}
		return json.Marshal(first)
	}, nil
}
