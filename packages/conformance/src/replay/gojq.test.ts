import { gojq } from '../kinds/gojq.ts'
import { replay } from './replay.ts'

replay(gojq)
