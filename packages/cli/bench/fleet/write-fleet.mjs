// A GitOps repository of many services, each with an Application, a Rollout of 10 steps, three Services and an Ingress.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const application = (name, index) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
spec:
  project: default
  destination:
    server: https://kubernetes.default.svc
    namespace: team-${index % 50}
  source:
    repoURL: https://github.com/example/manifests.git
    targetRevision: main
    path: apps/${name}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
      - ApplyOutOfSyncOnly=true
  ignoreDifferences:
    - group: networking.k8s.io
      kind: Ingress
      name: ${name}
      namespace: team-${index % 50}
      jqPathExpressions:
        - '.spec.rules[]?.http.paths[]?|select(.backend.service.name=="${name}-header")'
    - group: ''
      kind: Service
      name: ${name}-canary
      jsonPointers:
        - /spec/selector/rollouts-pod-template-hash
    - group: ''
      kind: Service
      name: ${name}-stable
      jsonPointers:
        - /spec/selector/rollouts-pod-template-hash
`

const service = (name, role) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}-${role}
spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 80
      protocol: TCP
      targetPort: 8080
`

const ingress = name => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/target-type: ip
spec:
  ingressClassName: alb
  rules:
    - host: ${name}.example.com
      http:
        paths:
          - path: /*
            pathType: ImplementationSpecific
            backend:
              service:
                name: ${name}-root
                port:
                  name: use-annotation
`

const rollout = (name, shape) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: ${name}
  annotations:
    notifications.argoproj.io/subscribe.on-rollout-paused.slack: releases
spec:
  replicas: ${10 + shape}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      app: ${name}
  strategy:
    canary:
      canaryService: ${name}-canary
      stableService: ${name}-stable
      trafficRouting:
        managedRoutes:
          - name: ${name}-header
        alb:
          ingress: ${name}
          rootService: ${name}-root
          servicePort: 80
      steps:
        - setCanaryScale:
            weight: 10
        - setHeaderRoute:
            name: ${name}-header
            match:
              - headerName: version
                headerValue:
                  exact: "2"
        - pause:
            duration: 60s
        - setWeight: 1
        - pause: {}
        - setCanaryScale:
            matchTrafficWeight: true
        - setWeight: 20
        - pause:
            duration: 20
        - setWeight: 80
        - pause:
            duration: 20
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: app
          image: registry.example.com/shop/${name}:1.4.2
          ports:
            - containerPort: 8080
              protocol: TCP
`

/** Writes `count` services in `shapes` forms, which differ in replicas and weights. */
export const writeFleet = (folder, count, shapes = 1) => {
  mkdirSync(join(folder, 'argocd'), { recursive: true })
  for (let index = 0; index < count; index++) {
    const name = `service-${String(index).padStart(4, '0')}`
    const below = join(folder, 'apps', name)
    mkdirSync(below, { recursive: true })
    writeFileSync(join(folder, 'argocd', `${name}.yaml`), application(name, index))
    writeFileSync(join(below, 'services.yaml'), ['root', 'canary', 'stable'].map(role => service(name, role)).join('---\n'))
    writeFileSync(join(below, 'ingress.yaml'), ingress(name))
    writeFileSync(join(below, 'rollout.yaml'), rollout(name, index % shapes))
  }
}
