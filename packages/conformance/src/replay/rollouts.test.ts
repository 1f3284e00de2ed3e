import { rolloutsWalk } from '../kinds/rollouts-walk.ts'
import { replay } from './replay.ts'

replay(rolloutsWalk)
