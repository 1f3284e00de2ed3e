/** Where rules are to stand. `application` and `applicationset` are written into the file that holds them; the others are printed. */
export const targets: readonly ['application', 'applicationset', 'argocd-cm', 'argocd-cm-legacy', 'helm-values', 'helm-values-argo-cd', 'kustomize', 'snippet'] =
  ['application', 'applicationset', 'argocd-cm', 'argocd-cm-legacy', 'helm-values', 'helm-values-argo-cd', 'kustomize', 'snippet']

export type Target = (typeof targets)[number]
