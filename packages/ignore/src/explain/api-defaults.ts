import { isMap, jsonEqual, type KubeObject, valueAt } from '@rollsync/manifests'

/** Whether a value is what the API server fills in at such a place; `beside` is the map around it. */
type IsDefault = (value: unknown, beside: Readonly<Record<string, unknown>>) => boolean

const any: IsDefault = () => true
const is = (...values: readonly unknown[]): IsDefault => (value) => values.some((one) => jsonEqual(one, value))

/** Addresses and ports that it gives out, and the defaults of pkg/apis and of the Gateway API's definitions: by place and by value, as another value there was asked for by somebody. */
const defaults: readonly (readonly [RegExp, IsDefault])[] = [
  [/^\/spec\/(clusterIPs?|ipFamilies|ipFamilyPolicy|healthCheckNodePort)$/, any],
  [/^\/spec\/ports\/\d+\/nodePort$/, any],
  [/^\/spec\/(in|ex)ternalTrafficPolicy$/, is('Cluster')],
  [/^\/spec\/sessionAffinity$/, is('None')],
  [/^\/spec\/type$/, is('ClusterIP')],
  [/^\/spec\/allocateLoadBalancerNodePorts$/, is(true)],
  [/^\/spec\/ports\/\d+\/protocol$|\/ports\/\d+\/protocol$/, is('TCP')],
  [/^\/spec\/ports\/\d+\/targetPort$/, (value, { port }) => value === port],
  [/^\/spec\/revisionHistoryLimit$/, is(10)],
  [/^\/spec\/progressDeadlineSeconds$/, is(600)],
  [/^\/spec\/strategy$/, is({ type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } })],
  [/^\/spec\/rules\/\d+\/http\/paths\/\d+\/pathType$/, is('ImplementationSpecific')],
  [/\/terminationMessagePath$/, is('/dev/termination-log')],
  [/\/terminationMessagePolicy$/, is('File')],
  [/\/imagePullPolicy$/, (value, { image }) => value === (/(:latest|^[^:@]*(:\d+\/[^:@]*)?)$/.test(String(image)) ? 'Always' : 'IfNotPresent')],
  [/\/template\/spec\/restartPolicy$/, is('Always')],
  [/\/template\/spec\/dnsPolicy$/, is('ClusterFirst')],
  [/\/template\/spec\/schedulerName$/, is('default-scheduler')],
  [/\/template\/spec\/securityContext$/, is({})],
  [/\/template\/spec\/terminationGracePeriodSeconds$/, is(30)],
  [/\/template\/metadata\/creationTimestamp$/, is(null)],
  [/\/resources$/, is({})],
  [/^\/spec\/parentRefs\/\d+\/group$/, is('gateway.networking.k8s.io')],
  [/^\/spec\/parentRefs\/\d+\/kind$/, is('Gateway')],
  [/\/backendRefs\/\d+\/group$/, is('')],
  [/\/backendRefs\/\d+\/kind$/, is('Service')],
  [/\/backendRefs\/\d+\/weight$/, is(1)],
  [/^\/spec\/rules\/\d+\/matches$/, is([{ path: { type: 'PathPrefix', value: '/' } }])],
]

/** Whether what only the live object has is what the API server fills in where Git leaves it out. */
export function isApiDefault(live: KubeObject, pointer: string, value: unknown): boolean {
  const around = valueAt(live, pointer.slice(0, pointer.lastIndexOf('/')))
  return defaults.some(([place, isDefault]) => place.test(pointer) && isDefault(value, isMap(around) ? around : {}))
}
