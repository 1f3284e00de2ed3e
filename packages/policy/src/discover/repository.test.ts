import { describe, expect, it } from 'vitest'
import { discover, type Repository } from './repository.ts'

const rollout = (name: string, service = 'web'): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: ${name} }\nspec: { strategy: { canary: { canaryService: ${service} } } }\n`
const service = (name = 'web'): string => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: {}\n`
const around = ({ canaries }: Repository, file: string): readonly string[] =>
  canaries.filter((one) => one.rollout.manifest.file === file).flatMap((one) => one.neighbours.map(({ object, manifest }) => `${object.kind} ${manifest.file}`))

describe('without Applications, where the same name stands in several files', () => {
  it('a Rollout is judged with what lies nearest to it', () => {
    const repository = discover(['dev', 'prod'].flatMap((env) => [{ file: `${env}/rollout.yaml`, text: rollout('web') }, { file: `${env}/service.yaml`, text: service() }]))
    expect(around(repository, 'dev/rollout.yaml')).toEqual(['Service dev/service.yaml'])
    expect(around(repository, 'prod/rollout.yaml')).toEqual(['Service prod/service.yaml'])
  })

  it('its own file is nearer than its folder', () => {
    const repository = discover([{ file: 'a.yaml', text: `${rollout('a')}---\n${service()}` }, { file: 'b.yaml', text: `${rollout('b')}---\n${service()}` }])
    expect(around(repository, 'b.yaml')).toContain('Service b.yaml')
  })

  it('Rollouts that each bring their own object of one name do not share it', () => {
    const repository = discover([{ file: 'a.yaml', text: `${rollout('a')}---\n${service()}` }, { file: 'b.yaml', text: `${rollout('b')}---\n${service()}` }])
    expect(around(repository, 'a.yaml')).toEqual(['Service a.yaml'])
  })

  it('Rollouts that name one object still meet', () => {
    const repository = discover([{ file: 'a.yaml', text: rollout('a') }, { file: 'b.yaml', text: rollout('b') }, { file: 'c.yaml', text: service() }])
    expect(around(repository, 'a.yaml')).toEqual(['Rollout b.yaml', 'Service c.yaml'])
  })
})

it('what its own Application deploys goes before what another one does', () => {
  const application = (name: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name} }\nspec: { source: { path: ${name} }, destination: { namespace: shop } }\n`
  const repository = discover(['a', 'b'].flatMap((name) => [{ file: `${name}.yaml`, text: application(name) }, { file: `${name}/x.yaml`, text: `${rollout(name)}---\n${service()}` }]))
  expect(around(repository, 'b/x.yaml')).toContain('Service b/x.yaml')
})

describe('a Rollout meets objects that do not lie in its own namespace', () => {
  const canary = (spec: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: web, namespace: shop }\nspec: ${spec}\n`
  const kinds = (files: Parameters<typeof discover>[0]): readonly string[] => discover(files).canaries.flatMap((one) => one.neighbours.map(({ object }) => `${object.kind} ${object.metadata.namespace ?? '(cluster)'}`))

  it('templates of the cluster, whichever Application brings them and whatever namespace is written there', () => {
    const template = (namespace: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: ClusterAnalysisTemplate\nmetadata: { name: ok${namespace} }\nspec: {}\n`
    expect(kinds([{ file: 'a.yaml', text: canary('{}') }, { file: 'b.yaml', text: template('') }])).toEqual(['ClusterAnalysisTemplate (cluster)'])
    expect(kinds([{ file: 'a.yaml', text: canary('{}') }, { file: 'b.yaml', text: template(', namespace: ops') }])).toEqual(['ClusterAnalysisTemplate (cluster)'])
  })

  it('the route of a plugin in the namespace that it names', () => {
    const route = 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: web, namespace: gateways }\nspec: {}\n'
    const plugins = '{ strategy: { canary: { trafficRouting: { plugins: { argoproj-labs/gatewayAPI: { httpRoute: web, namespace: gateways } } } } } }'
    expect(kinds([{ file: 'a.yaml', text: canary(plugins) }, { file: 'b.yaml', text: route }])).toEqual(['HTTPRoute gateways'])
    expect(kinds([{ file: 'a.yaml', text: canary('{}') }, { file: 'b.yaml', text: route }])).toEqual([])
  })
})
