// What a model is for, by the names of its fields.
import type { ModelRole } from './imported.ts'

const requestNames = [
  ...['grant_type', 'client_secret', 'client_assertion', 'assertion', 'refresh_token', 'code_verifier'],
  ...['subject_token', 'device_code'],
] as const
/** What stands beside an error's `message`. */
const refusalNames = [
  ...['code', 'message', 'status', 'details', 'detail', 'request_id', 'error_code', 'title', 'type'],
  ...['error', 'errors', 'error_description', 'error_uri', 'trace_id', 'correlation_id', 'timestamp'],
] as const

/** The role of a model with these fields. */
export function roleOf(wireNames: readonly string[]): ModelRole {
  const names = new Set(wireNames)
  if (names.has('grant_type')) return 'request'
  if (names.has('access_token')) return 'reply'
  if (names.has('error') || names.has('error_description')) return 'refusal'
  if (requestNames.some((name) => names.has(name))) return 'request'
  if (names.has('username') && names.has('password')) return 'request'
  const isRefusal = names.has('message') && wireNames.every((name) => isRefusalName(name))
  return isRefusal ? 'refusal' : 'other'
}

function isRefusalName(name: string): boolean {
  return refusalNames.some((known) => known === name)
}
