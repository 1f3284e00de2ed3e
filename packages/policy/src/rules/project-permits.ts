import { isAppNamespacePermitted, isDestinationPermitted, isKindPermitted, isSourcePermitted } from '@rollsync/argocd'
import { isMap, refText, valueAt } from '@rollsync/manifests'
import type { ApplicationScope, DeployedObject } from '../discover/repository.ts'
import { scopeOf } from '../discover/scope-of.ts'
import { destinationOf, type FoundProject, projectsOf } from '../projects.ts'
import { defineRule, type Rule, type RuleContext } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'project-permits',
    severity: 'error',
    recommended: true,
    summary: 'The AppProject of an Application permits its namespace, its sources, its destination and every object that it deploys',
    messages: {
      applicationNamespace: 'AppProject {project} of Argo CD in {argocd} does not list namespace {namespace} in its sourceNamespaces: Application {application} there is not compared and not synced',
      source: 'AppProject {project} does not permit the repository {repo}: Application {application} is not compared and not synced',
      destination: 'AppProject {project} does not permit namespace {namespace} of {cluster}: Application {application} is not compared and not synced',
      namespace: 'AppProject {project} does not permit namespace {namespace} of {cluster}, where {object} goes: every sync of Application {application} fails',
      kind: 'AppProject {project} does not permit {kind}{group}: every sync of Application {application} that holds {object} fails, a revert too',
    },
    hint: 'the AppProject stands in {file}: its sourceNamespaces, sourceRepos, destinations, namespaceResourceWhitelist and clusterResourceWhitelist decide',
    threads: [],
  },
  check({ repository, applications, report, unverified }) {
    const projects = projectsOf(repository)
    for (const application of applications) {
      const found = projects.of(application)
      if (found === undefined) continue
      judgeNamespace(application, found, report, unverified)
      judge(application, found, report)
    }
  },
})

export default rule

type Report = RuleContext<'applicationNamespace' | 'source' | 'destination' | 'namespace' | 'kind'>['report']

/** Argo CD takes AppProjects from its own namespace alone, so that of the project is Argo CD's, where Git says it. */
function judgeNamespace({ manifest }: ApplicationScope, { manifest: { value, file }, project }: FoundProject, report: Report, unverified: RuleContext['unverified']): void {
  const [namespace, argocd] = [manifest.value.metadata.namespace ?? '', value.metadata.namespace ?? '']
  if (namespace === '' || argocd === '' || namespace === argocd) return
  const permitted = isAppNamespacePermitted(project, namespace)
  const { name } = manifest.ref
  if (permitted === 'unknown') unverified(`${file}: whether the sourceNamespaces of AppProject ${project.name} match ${namespace}, the namespace of Application ${name}, is not known: an expression may mean another thing in Argo CD`)
  if (permitted === 'no') report('applicationNamespace', { manifest, pointer: '/metadata/namespace' }, { project: project.name, application: name, file, namespace, argocd })
}

function judge(application: ApplicationScope, found: FoundProject, report: Report): void {
  const { manifest } = application
  const { project } = found
  const data = { project: project.name, application: manifest.ref.name, file: found.manifest.file }
  for (const { pointer } of application.spec.sources) {
    const repo = valueAt(manifest.value, `${pointer}/repoURL`)
    if (typeof repo === 'string' && repo !== '' && !isSourcePermitted(project, repo)) report('source', { manifest, pointer: `${pointer}/repoURL` }, { ...data, repo })
  }
  const destination = destinationOf(application, project)
  const cluster = application.spec.destinationCluster === '' ? 'the cluster' : application.spec.destinationCluster
  if (destination !== undefined && !isDestinationPermitted(project, destination)) {
    report('destination', { manifest, pointer: '/spec/destination', mark: 'key' }, { ...data, namespace: destination.namespace === '' ? '""' : destination.namespace, cluster })
    return
  }
  for (const one of application.objects) {
    const scope = scopeOf(one.object)
    if (scope === undefined) continue
    if (!isKindPermitted(project, one.manifest.ref, scope)) report('kind', { manifest: one.manifest, pointer: '/kind' }, { ...data, ...kindOf(one) })
    else if (scope === 'namespaced' && destination !== undefined && !isDestinationPermitted(project, { ...destination, namespace: one.object.metadata.namespace ?? '' })) {
      report('namespace', { manifest: one.manifest, pointer: isMap(one.manifest.value.metadata) ? '/metadata/namespace' : '/metadata' }, { ...data, namespace: one.object.metadata.namespace ?? '', cluster, object: refText(one.manifest.ref) })
    }
  }
}

function kindOf({ manifest: { ref } }: DeployedObject): Readonly<Record<'kind' | 'group' | 'object', string>> {
  return { kind: ref.kind, group: ref.group === '' ? '' : ` (${ref.group})`, object: refText(ref) }
}
