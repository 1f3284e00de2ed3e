const labels = { app: 'web' }
const container = { name: 'app', image: 'registry.example.com/web:1', ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }], resources: { limits: { cpu: '100m', memory: '128Mi' }, requests: { cpu: 0.1, memory: '1Gi' } }, env: [{ name: 'A', value: 'v1' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }
const pod = { serviceAccountName: 'web', containers: [container, { name: 'proxy', image: 'proxy', args: ['-v'] }], initContainers: [{ name: 'init', image: 'init' }], volumes: [{ name: 'c', configMap: { name: 'c' } }, { name: 's', secret: { secretName: 's' } }, { name: 'e', emptyDir: {} }], tolerations: [{ key: 'spot', operator: 'Exists' }], topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: labels } }], imagePullSecrets: [{ name: 'r' }], hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] }
const template = { metadata: { labels }, spec: pod }
const selector = { matchLabels: labels }

const named = (apiVersion, kind, rest, metadata = {}) => ({
  apiVersion, kind,
  metadata: { name: 'web', namespace: 'shop', labels, ...metadata, annotations: { 'argocd.argoproj.io/tracking-id': `demo:${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}/${kind}:shop/web`, ...metadata.annotations } },
  ...rest,
})

/** One manifest for each kind that people deploy and the recorded vectors do not hold. */
export const moreKinds = [
  named('apps/v1', 'StatefulSet', { spec: { replicas: 2, serviceName: 'web', selector, template, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }], updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } } }),
  named('apps/v1', 'DaemonSet', { spec: { selector, template, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } } } }),
  named('apps/v1', 'Deployment', { spec: { replicas: 2, selector, template, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } } } }),
  named('apps/v1', 'ReplicaSet', { spec: { replicas: 2, selector, template } }),
  named('batch/v1', 'Job', { spec: { template: { spec: { ...pod, restartPolicy: 'Never' } }, backoffLimit: 2 } }),
  named('batch/v1', 'CronJob', { spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: 'OnFailure' } } } } } }),
  named('v1', 'Pod', { spec: pod }),
  named('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web' }, minReplicas: 2, maxReplicas: 9, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }, { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } }], behavior: { scaleDown: { stabilizationWindowSeconds: 60, policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }] } } } }),
  named('autoscaling/v1', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 9, targetCPUUtilizationPercentage: 70 } }),
  named('rbac.authorization.k8s.io/v1', 'ClusterRole', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }, { namespace: undefined }),
  named('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] }),
  named('rbac.authorization.k8s.io/v1', 'Role', { rules: null }),
  named('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' }, subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }, { kind: 'User', name: 'x' }] }),
  named('v1', 'ServiceAccount', { imagePullSecrets: [{ name: 'r' }], secrets: [{ name: 'token' }], automountServiceAccountToken: false }),
  named('v1', 'Namespace', {}, { namespace: undefined }),
  named('v1', 'Secret', { type: 'Opaque', stringData: { a: 'plain' }, data: { b: 'YmI=', c: 'not base64' } }),
  named('v1', 'Secret', { data: { b: 'YmI=', 'c.d': 'Y2M=' } }),
  named('v1', 'ConfigMap', { data: { a: '1', 'file.yaml': 'a: 1\nb: [2]\n' }, binaryData: { b: 'YmI=' }, immutable: false }),
  named('v1', 'Service', { spec: { type: 'LoadBalancer', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }, { name: 'udp', port: 80, targetPort: 8080, protocol: 'UDP' }, { port: 443 }], sessionAffinity: 'None', externalTrafficPolicy: 'Local', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' } }),
  named('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: '10.0.0.2' }, { ip: '10.0.0.1' }], ports: [{ port: 80, name: 'http' }] }] }),
  named('v1', 'PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } }, storageClassName: 'gp3' } }),
  named('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: selector, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: { matchLabels: { a: 'b' } } }, { ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 80 }, { port: 'http', protocol: 'TCP' }] }] } }),
  named('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'ingress.k8s.aws/alb', parameters: { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'alb' } } }, { namespace: undefined }),
  named('networking.k8s.io/v1', 'Ingress', { spec: { ingressClassName: 'alb', defaultBackend: { service: { name: 'web', port: { number: 80 } } }, tls: [{ hosts: ['a.example.com', 'b.example.com'], secretName: 'tls' }], rules: [{ host: 'a.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { name: 'use-annotation' } } } }, { path: '/api', pathType: 'Exact', backend: { resource: { apiGroup: 'k8s.example.com', kind: 'Bucket', name: 'b' } } }] } }, { host: 'b.example.com' }] } }),
  named('networking.k8s.io/v1beta1', 'Ingress', { spec: { rules: [{ host: 'a.example.com', http: { paths: [{ path: '/', backend: { serviceName: 'web', servicePort: 80 } }, { path: '/x', pathType: 'Prefix', backend: { serviceName: 'web', servicePort: 'use-annotation' } }] } }] } }),
  named('extensions/v1beta1', 'Ingress', { spec: { backend: { serviceName: 'web', servicePort: 'http' }, rules: [{ host: 'a.example.com', http: { paths: [{ path: '/', backend: { serviceName: 'web', servicePort: 80 } }] } }] } }),
  named('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: '50%', selector } }),
  named('policy/v1', 'PodDisruptionBudget', { spec: { maxUnavailable: 1, selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] } } }),
  named('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { webhooks: [{ name: 'a.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig: { service: { name: 'w', namespace: 'shop' }, caBundle: 'Y2E=' }, rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] }] }, { namespace: undefined }),
  named('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', { webhooks: [{ name: 'a.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig: { url: 'https://w' } }, { name: 'b.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig: { url: 'https://w' }, failurePolicy: 'Ignore' }] }, { namespace: undefined }),
  named('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Widget', plural: 'widgets' }, preserveUnknownFields: false, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }] } }, { namespace: undefined }),
  named('networking.istio.io/v1', 'DestinationRule', { spec: { host: 'web', subsets: [{ name: 'canary', labels: { a: 'b' } }, { name: 'stable', labels }], trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' }, connectionPool: { tcp: { maxConnections: 100 } } } } }),
  named('networking.istio.io/v1alpha3', 'VirtualService', { spec: { hosts: ['web'], http: [{ name: 'primary', route: [{ destination: { host: 'stable' }, weight: 80 }, { destination: { host: 'canary' }, weight: 20 }] }, { match: [{ headers: { 'x-canary': { exact: 'true' } } }], route: [{ destination: { host: 'canary' } }], timeout: '5s', retries: { attempts: 3 } }] } }),
  named('gateway.networking.k8s.io/v1', 'HTTPRoute', { spec: { parentRefs: [{ name: 'gw', namespace: 'infra', sectionName: 'https' }], hostnames: ['a.example.com'], rules: [{ name: 'main', matches: [{ path: { type: 'PathPrefix', value: '/' }, headers: [{ name: 'x', value: 'y' }] }], backendRefs: [{ name: 'stable', port: 80, weight: 100 }, { name: 'canary', port: 80, weight: 0 }] }] } }),
  named('gateway.networking.k8s.io/v1', 'GRPCRoute', { spec: { parentRefs: [{ name: 'gw' }], rules: [{ matches: [{ method: { service: 's', method: 'm' } }], backendRefs: [{ name: 'stable', port: 80 }] }] } }),
  named('elbv2.k8s.aws/v1beta1', 'TargetGroupBinding', { spec: { serviceRef: { name: 'web', port: 80 }, targetGroupARN: 'arn:x', networking: { ingress: [{ from: [{ securityGroup: { groupID: 'sg' } }], ports: [{ protocol: 'TCP', port: 80 }] }] } } }),
  named('argoproj.io/v1alpha1', 'Rollout', { spec: { replicas: 3, selector, template, strategy: { canary: { canaryService: 'canary', stableService: 'stable', steps: [{ setWeight: 10 }, { pause: {} }, { pause: { duration: '1h' } }, { setHeaderRoute: { name: 'h', match: [{ headerName: 'x', headerValue: { exact: 'y' } }] } }], trafficRouting: { managedRoutes: [{ name: 'h' }], alb: { ingress: 'web', servicePort: 80 } } } } } }),
  named('argoproj.io/v1alpha1', 'AnalysisTemplate', { spec: { args: [{ name: 'a', value: 'b' }], metrics: [{ name: 'm', interval: '1m', count: 3, provider: { prometheus: { query: 'up' } } }] } }),
  named('example.com/v1', 'Widget', { spec: { a: 1.5, b: '1', list: [{ name: 'x', v: 1 }, { name: 'y', v: 2 }], nested: { k: null, deep: { z: [] } }, empty: {}, on: true, big: 1e21 } }),
].map(manifest => JSON.parse(JSON.stringify(manifest)))
