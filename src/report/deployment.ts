// Whether a version can be deployed, as text.
import type { DeploymentAnswer, MatrixRow } from '../broker/deployment.ts'
import type { LockAnswer } from '../broker/lock.ts'

/** A line for each pair of versions, then the answer with the broker's reasons. */
export function formatDeployment({ isDeployable, reasons, matrix }: DeploymentAnswer): string {
  return [...matrix.map(formatRow), verdict(isDeployable), ...reasons].join('\n')
}

function formatRow({ consumer, consumerVersion, provider, providerVersion, success }: MatrixRow): string {
  const outcome = success === undefined ? 'unknown' : success ? 'kept' : 'broken'
  return `${outcome.padEnd(8)} ${consumer} ${consumerVersion ?? 'unknown'}  ${provider} ${providerVersion ?? 'unknown'}`
}

/** A line for each contract, with what speaks against it, then the answer. */
export function formatLockAnswers(answers: readonly LockAnswer[]): string {
  const lines = answers.map(({ service, consumer, variant, url, reason }) => {
    const about = [consumer, variant || service, ...(url === undefined ? [] : [url])].join('  ')
    return reason === undefined ? `yes  ${about}` : `no   ${about}: ${reason}`
  })
  return [...lines, verdict(answers.every(({ reason }) => reason === undefined))].join('\n')
}

function verdict(isDeployable: boolean): string {
  return isDeployable ? 'yes, it can be deployed' : 'no, it cannot be deployed'
}
