// Two of Argo CD's programs in one binary, chosen by the name it is started with: argocd-application-controller and argocd-repo-server.
package main

import (
	"os"
	"path/filepath"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	"github.com/spf13/cobra"
)

func main() {
	programs := map[string]func() *cobra.Command{"argocd-application-controller": controller.NewCommand, "argocd-repo-server": reposerver.NewCommand}
	start, known := programs[filepath.Base(os.Args[0])]
	if !known {
		panic("start this as argocd-application-controller or argocd-repo-server")
	}
	if err := start().Execute(); err != nil {
		os.Exit(1)
	}
}
