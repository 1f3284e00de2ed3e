package main

import (
	"os"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff/testdata"
	gescheme "github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube/scheme"
	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
	openapiproto "k8s.io/kube-openapi/pkg/util/proto"
	"k8s.io/kubectl/pkg/util/openapi"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// The cluster's schemas: OpenAPI v2 documents put together. With one alone, that of the custom resources, the built-in kinds are those of the document in gitops-engine's tests.
func readSchemas(paths []string) (*managedfields.GvkParser, openapi.Resources) {
	document := &openapi_v2.Document{Definitions: &openapi_v2.Definitions{}}
	if len(paths) == 1 {
		must(proto.Unmarshal(testdata.OpenAPIV2Doc, document))
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		must(err)
		more, err := openapi_v2.ParseDocument(text)
		must(err)
		document.Definitions.AdditionalProperties = append(document.Definitions.AdditionalProperties, more.Definitions.AdditionalProperties...)
	}
	models, err := openapiproto.NewOpenAPIData(document)
	must(err)
	parser, err := managedfields.NewGVKParser(models, false)
	must(err)
	resources, err := openapi.NewOpenAPIData(document)
	must(err)
	return parser, resources
}

// The API server's types: a kind without schema is deduced from its values, every list of it atomic.
type types struct{ parser *managedfields.GvkParser }

func (t types) ObjectToTyped(obj runtime.Object, options ...typed.ValidationOptions) (*typed.TypedValue, error) {
	un := obj.(*unstructured.Unstructured)
	found := gescheme.ResolveParseableType(un.GroupVersionKind(), t.parser)
	if found == nil {
		found = &typed.DeducedParseableType
	}
	return found.FromUnstructured(un.Object, options...)
}

func (t types) TypedToObject(value *typed.TypedValue) (runtime.Object, error) {
	return &unstructured.Unstructured{Object: value.AsValue().Unstructured().(object)}, nil
}
