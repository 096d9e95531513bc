import { setTimeout as sleep } from 'node:timers/promises'
import { type PortalSettings, portalUrl, startBuiltPortal } from '@/scripts/portal'
import type { RunningProcess } from '@/scripts/processes'
import { within } from './within'

/** A start takes two seconds, and ten times that on a busy machine; one that is not ready after sixty is begun anew. */
const startsMost = 3
const upWithinS = 240
const goneWithinS = 30
const linesShown = 15

/** One portal at one address, which is killed and started again as often as it takes. */
export class PortalKeeper {
  readonly url: string
  kills = 0
  /** When the portal last came back, in milliseconds since 1970. */
  lastUpMs = 0
  /** How portals ended that nobody had killed. */
  readonly crashes: string[] = []
  readonly #logs: string[][] = []
  #running: RunningProcess | null = null
  #up: Promise<void> = Promise.resolve()
  #doing = { what: 'was never started', sinceMs: Date.now() }
  #isOver = false

  constructor(readonly settings: PortalSettings) {
    this.url = portalUrl(settings.port)
  }

  start(): Promise<void> {
    this.#follow(this.#bringUp())
    return this.whenUp()
  }

  /** As `kill -9`; it is started again. False when there is nothing to kill just now. */
  kill(): boolean {
    const dead = this.#running
    if (!dead || this.#isOver) return false
    this.kills++
    this.#follow(this.#end(dead).then(() => this.#bringUp()))
    return true
  }

  /** Resolves when a portal is there that answers. */
  whenUp(): Promise<void> {
    return this.#up
  }

  /** What it does, where, since when, and what it logged last. */
  describe(): string {
    const { what, sinceMs } = this.#doing
    const seconds = ((Date.now() - sinceMs) / 1_000).toFixed(0)
    const last = (this.#logs.at(-1) ?? []).slice(-linesShown)
    return [`The portal at ${this.url} ${what}, for ${seconds} s; it last said`, ...last].join('\n      ')
  }

  /** What every portal has logged, one after another. */
  get logs(): string {
    return this.#logs.map((lines, index) => `── portal ${index + 1}\n${lines.join('\n')}\n`).join('')
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.whenUp().catch(() => undefined)
    if (this.#running) await this.#end(this.#running)
  }

  #follow(up: Promise<void>): void {
    this.#up = within(upWithinS, 'the portal', up, () => this.describe())
    // Whoever waits for it is told; nobody may be waiting.
    this.#up.catch(() => undefined)
  }

  #note(what: string): void {
    this.#doing = { what, sinceMs: Date.now() }
  }

  #end(portal: RunningProcess): Promise<void> {
    this.#running = null
    this.#note('is being killed')
    return within(goneWithinS, 'the end of a killed portal', portal.kill(), () => this.describe())
  }

  async #bringUp(): Promise<void> {
    for (let tries = 1; !this.#isOver; tries++) {
      this.#note(`is being started for the ${tries}. time`)
      const lines: string[] = []
      this.#logs.push(lines)
      try {
        this.#watch(await startBuiltPortal(this.settings, (line) => lines.push(line)))
        return
      } catch (error) {
        lines.push(`── did not start: ${error}`)
        if (tries === startsMost) throw error
        await sleep(500)
      }
    }
  }

  #watch(portal: RunningProcess): void {
    // It may have been somebody else who answered at this address.
    if (portal.hasEnded()) throw new Error('The portal ended, and its address answers')
    this.#running = portal
    this.lastUpMs = Date.now()
    this.#note('runs')
    void portal.ended.then((how) => {
      if (this.#running !== portal || this.#isOver) return
      this.#running = null
      this.crashes.push(how)
      this.#follow(this.#bringUp())
    })
  }
}
