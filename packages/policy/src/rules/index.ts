import type { Rule } from '../rule.ts'
import anchorInStep from './anchor-in-step.ts'
import driftCovered from './drift-covered.ts'
import expressionParses from './expression-parses.ts'
import headerRouteAfterPods from './header-route-after-pods.ts'
import managedRouteDeclared from './managed-route-declared.ts'
import noLostRoute from './no-lost-route.ts'
import unusedSuppression from './unused-suppression.ts'

/** Every rule, by id. */
export const rules: readonly Rule[] = [anchorInStep, driftCovered, expressionParses, headerRouteAfterPods, managedRouteDeclared, noLostRoute, unusedSuppression]
