import 'server-only'
import { subscribe } from 'node:diagnostics_channel'
import { Counter, Histogram, Registry } from 'prom-client'
import { keep } from '@/lib/institution'

/** In seconds. Requests to ORCID time out after ten. */
const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Published by `lib/orcid/transport.ts`. */
type OrcidTiming = { path: string; end: string; seconds: number }
/** Published by `lib/orcid/answer.ts`. */
type ForeignAnswer = { endpoint: string; status: number }

type Metrics = { registry: Registry; attempts: Counter<'outcome'>; calls: Counter<'outcome'> }

declare module '@/lib/institution' {
  interface Institution {
    metrics?: Metrics
  }
}

/** May be called repeatedly. */
export function startMetrics(): Metrics {
  return keep('metrics', () => makeMetrics())
}

/** Counts a callback by its outcome. */
export function countAttempt(outcome: string): void {
  startMetrics().attempts.inc({ outcome })
}

/** Counts a call to the API by its outcome. */
export function countCall(outcome: string): void {
  startMetrics().calls.inc({ outcome })
}

function makeMetrics(): Metrics {
  const registry = new Registry()
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const attempts = counter('concord_connection_attempts_total', 'Callbacks from ORCID by how they ended.', ['outcome'])
  const calls = counter('concord_orcid_calls_total', "Calls to ORCID's API by outcome.", ['outcome'])
  const foreign = counter(
    'concord_foreign_answers_total',
    "Requests that something else answered in ORCID's name, by endpoint and status.",
    ['endpoint', 'status'],
  )
  const orcid = new Histogram({
    name: 'concord_orcid_request_seconds',
    help: 'Requests to ORCID by path and end.',
    labelNames: ['path', 'end'],
    buckets,
    registers: [registry],
  })
  subscribe('concord:orcid', (message) => {
    const { path, end, seconds } = message as OrcidTiming
    orcid.observe({ path, end }, seconds)
  })
  subscribe('concord:foreign', (message) => {
    const { endpoint, status } = message as ForeignAnswer
    foreign.inc({ endpoint, status })
  })
  return { registry, attempts, calls }
}
