export { type Admission, admission } from './admission.ts'
export type { LbcCluster, LbcOptions } from './cluster.ts'
export { type ListenerRules, listenerRules, type LoadBalancers, loadBalancersOf, type RulesFailure, type RulesUnverified } from './listener-rules.ts'
export type {
  ForwardTarget, Listener, ListenerAction, ListenerProtocol, ListenerRule, LoadBalancer, RuleCondition, RuleOrigin,
} from './load-balancer.ts'
export { type ChosenLbcProfile, type LbcProfile, lbcProfile, lbcVersions } from './profile.ts'
