import 'server-only'
import { subscribe } from 'node:diagnostics_channel'

export type Labels = Record<string, string>
export type Sample = { labels: Labels; value: number }

/** Upper ends of the histogram's ranges, in seconds. A request to ORCID is given up after ten. */
const rangesS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What `lib/orcid/transport.ts` publishes of each request. */
type OrcidTiming = { path: string; end: string; seconds: number }

type Timings = { counts: number[]; total: number; sum: number }
/** What `lib/orcid/answer.ts` publishes of what something else answers in ORCID's name. */
type ForeignAnswer = { endpoint: string; status: number }

type Store = {
  trips: Map<string, number>
  calls: Map<string, number>
  foreign: Map<string, number>
  orcid: Map<string, Timings>
}

// The build may bring a module along more than once; the numbers are one set for the process.
const kept = globalThis as typeof globalThis & { concordMetrics?: Store }

/** Begins to count in this process. Repeatable. */
export function startMetrics(): void {
  store()
}

/** A trip came back from ORCID, and ended like this. */
export function countTrip(outcome: string): void {
  const { trips } = store()
  trips.set(outcome, (trips.get(outcome) ?? 0) + 1)
}

/** A call to ORCID's API ended like this. */
export function countCall(outcome: string): void {
  const { calls } = store()
  calls.set(outcome, (calls.get(outcome) ?? 0) + 1)
}

/** What this process counted since it started, in the text format of Prometheus. */
export function formatProcessMetrics(): string {
  const { trips, calls, foreign, orcid } = store()
  const byOutcome = (counts: Map<string, number>) =>
    [...counts].map(([outcome, value]): Sample => ({ labels: { outcome }, value }))
  const foreignSamples = [...foreign].map(([key, value]): Sample => ({ labels: JSON.parse(key) as Labels, value }))
  const name = 'concord_orcid_request_seconds'
  const lines = [...orcid].flatMap(([key, { counts, total, sum }]) => {
    const labels = JSON.parse(key) as Labels
    const ranges = rangesS.map((le, index) => line(`${name}_bucket`, { ...labels, le: String(le) }, counts[index] ?? 0))
    const all = line(`${name}_bucket`, { ...labels, le: '+Inf' }, total)
    return [...ranges, all, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, total)]
  })
  return [
    formatMetric('concord_trips_total', 'counter', 'Callbacks from ORCID by how they ended.', byOutcome(trips)),
    formatMetric('concord_orcid_calls_total', 'counter', "Calls to ORCID's API by outcome.", byOutcome(calls)),
    formatMetric(
      'concord_foreign_answers_total',
      'counter',
      "Requests that something else answered in ORCID's name, by endpoint and status.",
      foreignSamples,
    ),
    `# HELP ${name} Requests to ORCID by path and end.\n# TYPE ${name} histogram\n${lines.join('')}`,
  ].join('')
}

/**
 * One metric in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
 */
export function formatMetric(name: string, type: 'counter' | 'gauge', help: string, samples: Sample[]): string {
  const lines = samples.map(({ labels, value }) => line(name, labels, value))
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text.replace(/[\\"\n]/g, '_')}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function store(): Store {
  if (!kept.concordMetrics) {
    const orcid = new Map<string, Timings>()
    const foreign = new Map<string, number>()
    kept.concordMetrics = { trips: new Map(), calls: new Map(), foreign, orcid }
    subscribe('concord:orcid', (message) => observe(orcid, message as OrcidTiming))
    subscribe('concord:foreign', (message) => {
      const { endpoint, status } = message as ForeignAnswer
      const key = JSON.stringify({ endpoint, status: String(status) })
      foreign.set(key, (foreign.get(key) ?? 0) + 1)
    })
  }
  return kept.concordMetrics
}

function observe(orcid: Store['orcid'], { path, end, seconds }: OrcidTiming): void {
  const key = JSON.stringify({ path, end })
  const timings = orcid.get(key) ?? { counts: rangesS.map(() => 0), total: 0, sum: 0 }
  for (const [index, range] of rangesS.entries())
    if (seconds <= range) timings.counts[index] = (timings.counts[index] ?? 0) + 1
  timings.total += 1
  timings.sum += seconds
  orcid.set(key, timings)
}
