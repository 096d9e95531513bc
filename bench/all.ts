import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { exportAgainstCopy } from '@/bench/exports'
import { importRoster } from '@/bench/imports'
import { measureFirstView, measureHome, measureLimits, measureList, measureSearches } from '@/bench/list'
import { sendMails } from '@/bench/mail'
import { rotateUnderTraffic } from '@/bench/rotation'
import { measureCallbacks } from '@/bench/sign-in'
import { startPortals } from '@/bench/sizes'
import { sweepAll } from '@/bench/sweep'
import { type Figure, isMissed } from '@/bench/timing'
import { sendToSlowReceiver } from '@/bench/webhooks'
import { portalEnv } from '@/scripts/portal'
import { root } from '@/scripts/processes'
import { testSecrets } from '@/tests/support/portal'

/** Measures everything, prints it as a table, writes it to `.concord/bench.json`, and tells whether all targets are met. */
export async function measureAll({ quick }: { quick: boolean }): Promise<boolean> {
  const startedAt = Date.now()
  const sizes = quick ? [1_000, 100_000] : allSizes
  const figures = await measureSized(sizes, { quick })
  figures.push(...(await part('Callbacks', () => measureCallbacks(quick ? 60 : 300))))
  figures.push(...(await part('Exports', () => measureExports(quick ? 100_000 : 1_000_000))))
  figures.push(...(await part('Imports', () => measureImport(quick ? 10_000 : 100_000))))
  figures.push(...(await part('Mail', () => measureMail(quick ? 500 : 5_000))))
  figures.push(...(await part('Webhooks', () => measureWebhooks(quick ? 1_000 : 10_000))))
  figures.push(...(await part('The sweep', () => measureSweep(quick ? 300 : 10_000, quick ? 10_000 : 120_000))))
  figures.push(...(await part('The rotation of keys', () => measureRotation(quick ? 5_000 : 100_000))))
  report(figures, { sizes, tookS: Math.round((Date.now() - startedAt) / 1_000) })
  return !figures.some(isMissed)
}

/** Measures the list and the overview alone, with so many people each time, and tells whether their targets are met. */
export async function measurePages(sizes: readonly number[] = allSizes): Promise<boolean> {
  const startedAt = Date.now()
  const figures = await measureSized(sizes, { quick: false })
  report(figures, { sizes, tookS: Math.round((Date.now() - startedAt) / 1_000) })
  return !figures.some(isMissed)
}

const allSizes = [1_000, 100_000, 1_000_000]

async function measureSized(sizes: readonly number[], { quick }: { quick: boolean }): Promise<Figure[]> {
  const { portals, stop } = await startPortals(sizes)
  // Filters are turned into SQL in this process too.
  const registry = { url: 'http://127.0.0.1:9', clientId: 'APP-BENCH', clientSecret: 'b6c7a1d4-not-asked' }
  const databaseUrl = portals[0]?.databaseUrl ?? ''
  Object.assign(process.env, portalEnv({ databaseUrl, port: 9, registry, secrets: testSecrets }))
  try {
    return [
      ...(await part('The first view of the overview', () => measureFirstView(portals))),
      ...(await part('The list by filter and order', () => measureList(portals, { quick }))),
      ...(await part('Searches and combinations', () => measureSearches(portals, { quick }))),
      ...(await part('The list and its limits', () => measureLimits(portals, { quick }))),
      ...(await part('The overview', () => measureHome(portals))),
    ]
  } finally {
    await stop()
  }
}

async function part(what: string, measure: () => Promise<Figure[]>): Promise<Figure[]> {
  const startedAt = Date.now()
  const figures = await measure()
  console.log(`${what}: ${((Date.now() - startedAt) / 1_000).toFixed(0)} s`)
  return figures
}

const exportTargets: Record<string, { atLeast: number }> = { csv: { atLeast: 0.35 }, jsonl: { atLeast: 0.2 } }

async function measureExports(researchers: number): Promise<Figure[]> {
  const { formats, pageUnderTwoExports, copyRowsPerSecond } = await exportAgainstCopy(researchers)
  const figures = Object.entries(formats).flatMap(([format, { rowsPerSecond, ofCopy, aboveIdleMb }]): Figure[] => [
    {
      what: `export of ${researchers} as ${format} beside COPY, rows per second`,
      value: rowsPerSecond,
      against: copyRowsPerSecond,
      ratio: ofCopy,
      ...exportTargets[format],
    },
    { what: `export as ${format}, MB above idle`, value: aboveIdleMb, atMost: exportTargets[format] ? 60 : 100 },
  ])
  const page = {
    what: 'a page of the list under two exports, times its usual',
    value: pageUnderTwoExports,
    atMost: 1.3,
  }
  return [...figures, page]
}

async function measureImport(rows: number): Promise<Figure[]> {
  const { newS, againS, aboveIdleMb } = await importRoster(rows)
  return [
    { what: `import of a roster of ${rows}, seconds`, value: newS, atMost: Math.max(10, (60 * rows) / 100_000) },
    { what: `the same roster again, seconds`, value: againS, atMost: Math.max(10, (60 * rows) / 100_000) },
    { what: 'import, MB above idle', value: aboveIdleMb, atMost: 200 },
  ]
}

async function measureMail(mails: number): Promise<Figure[]> {
  const { perSecond, aboveIdleMb, states } = await sendMails(mails)
  return [
    { what: `${mails} mails to a server on this machine, per second`, value: perSecond, atLeast: 50 },
    { what: 'mail, MB above idle', value: aboveIdleMb, atMost: 120 },
    { what: `mails of ${mails} that were not sent`, value: mails - (states.sent ?? 0), atMost: 0 },
  ]
}

async function measureWebhooks(deliveries: number): Promise<Figure[]> {
  const { pages } = await sendToSlowReceiver(deliveries)
  return Object.entries(pages).map(([path, value]) => ({
    what: `${path} while ${deliveries} events wait for a slow receiver, times its usual`,
    value,
    atMost: 1.3,
  }))
}

async function measureSweep(grants: number, outageMs: number): Promise<Figure[]> {
  const { perSecond, refusedByLimit, wrong, outage } = await sweepAll(grants, outageMs)
  return [
    { what: `sweep of ${grants}, requests per second`, value: perSecond, atLeast: 18 },
    { what: `sweep of ${grants}, refused by ORCID's limit`, value: refusedByLimit, atMost: 0 },
    { what: `sweep of ${grants}, wrong after passing refusals`, value: wrong, atMost: 0 },
    { what: 'sweep in an outage, greyed or ended', value: outage.greyed + outage.ended, atMost: 0 },
  ]
}

async function measureRotation(grants: number): Promise<Figure[]> {
  const { rotationS, requests, failures } = await rotateUnderTraffic(grants)
  const atMost = Math.max(10, (60 * grants) / 100_000)
  return [
    { what: `key rotation of ${grants}, seconds`, value: rotationS, atMost },
    { what: `key rotation, failed among ${requests} requests`, value: failures.length, atMost: 0 },
  ]
}

function report(figures: readonly Figure[], run: { sizes: readonly number[]; tookS: number }): void {
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  }
  mkdirSync(join(root, '.concord'), { recursive: true })
  const file = join(root, '.concord', 'bench.json')
  writeFileSync(file, `${JSON.stringify({ at: new Date(), machine, ...run, figures }, null, 2)}\n`)
  console.log(
    `\n${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}; ${run.tookS} s\n`,
  )
  console.log('| what | value | against | ratio | target | | note |\n|---|---:|---:|---:|---|---|---|')
  for (const figure of figures) console.log(toRow(figure))
  const missed = figures.filter(isMissed)
  console.log(
    `\n${missed.length === 0 ? 'Every target is met' : `${missed.length} missed`}. As JSON: .concord/bench.json`,
  )
}

function toRow(figure: Figure): string {
  const { what, value, against, ratio, atMost, atLeast, note } = figure
  const number = (each: number | undefined, digits = 1) => (each === undefined ? '' : each.toFixed(digits))
  const target = atMost === undefined ? (atLeast === undefined ? '' : `≥ ${atLeast}`) : `≤ ${atMost}`
  const verdict = target === '' ? '' : isMissed(figure) ? 'missed' : 'met'
  return `| ${[what, number(value), number(against), number(ratio, 2), target, verdict, note ?? ''].join(' | ')} |`
}
