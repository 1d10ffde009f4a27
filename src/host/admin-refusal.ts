// A call of the admin API that is not served, as something to throw.

/** A call that is not served, with the status that says so. */
export class AdminRefusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}
