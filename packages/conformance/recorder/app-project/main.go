package main

import (
	"encoding/json"
	"os"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/git"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

type in struct {
	Sources []struct {
		Repos []string
		Repo  string
	}
	Destinations []struct {
		Destinations            []v1alpha1.ApplicationDestination
		Server, Name, Namespace string
	}
	Kinds []struct {
		Spec              v1alpha1.AppProjectSpec
		Group, Kind, Name string
		Namespaced        bool
	}
	Windows []struct {
		Windows                      []*v1alpha1.SyncWindow
		App, Server, Name, Namespace string
	}
	URLs       []string
	Namespaces []struct {
		SourceNamespaces                 []string
		Application, ControllerNamespace string
	}
}

func main() {
	var cases in
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	out := map[string]any{}
	sources := []bool{}
	for _, c := range cases.Sources {
		p := v1alpha1.AppProject{Spec: v1alpha1.AppProjectSpec{SourceRepos: c.Repos}}
		sources = append(sources, p.IsSourcePermitted(v1alpha1.ApplicationSource{RepoURL: c.Repo}))
	}
	destinations := []bool{}
	for _, c := range cases.Destinations {
		p := v1alpha1.AppProject{Spec: v1alpha1.AppProjectSpec{Destinations: c.Destinations}}
		ok, _ := p.IsDestinationPermitted(&v1alpha1.Cluster{Server: c.Server, Name: c.Name}, c.Namespace, nil)
		destinations = append(destinations, ok)
	}
	kinds := []bool{}
	for _, c := range cases.Kinds {
		p := v1alpha1.AppProject{Spec: c.Spec}
		kinds = append(kinds, p.IsGroupKindNamePermitted(schema.GroupKind{Group: c.Group, Kind: c.Kind}, c.Name, c.Namespaced))
	}
	windows := [][]int{}
	for _, c := range cases.Windows {
		w := v1alpha1.SyncWindows(c.Windows)
		app := &v1alpha1.Application{}
		app.Name = c.App
		app.Spec.Destination = v1alpha1.ApplicationDestination{Server: c.Server, Name: c.Name, Namespace: c.Namespace}
		got := []int{}
		if m := w.Matches(app); m != nil {
			for i, a := range c.Windows {
				for _, b := range *m {
					if a == b {
						got = append(got, i)
					}
				}
			}
		}
		windows = append(windows, got)
	}
	urls := []string{}
	for _, u := range cases.URLs {
		urls = append(urls, git.NormalizeGitURL(u))
	}
	namespaces := []bool{}
	for _, c := range cases.Namespaces {
		p := v1alpha1.AppProject{Spec: v1alpha1.AppProjectSpec{SourceNamespaces: c.SourceNamespaces}}
		app := &v1alpha1.Application{}
		app.Namespace = c.Application
		namespaces = append(namespaces, p.IsAppNamespacePermitted(app, c.ControllerNamespace))
	}
	out["sources"] = sources
	out["destinations"] = destinations
	out["kinds"] = kinds
	out["windows"] = windows
	out["urls"] = urls
	out["namespaces"] = namespaces
	json.NewEncoder(os.Stdout).Encode(out)
}
