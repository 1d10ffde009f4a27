// What stands on one side of a diff, or is one entry of a series: a label, and the models that it holds.
import type { Subject } from './subject.ts'

/** A model of a side. */
export interface SideSubject {
  /** What it is matched by before its model's name: the name of a variant, or the model's. */
  readonly name: string
  /** Whether it stands for its service as a whole; those that have to be named do not. */
  readonly isServed: boolean
  readonly subject: Subject
}

/** One side. */
export interface Side {
  /** As people named it: `prove`, `docs/V3TokenRequest.md@v0.9.0`. */
  readonly label: string
  readonly subjects: readonly SideSubject[]
}
