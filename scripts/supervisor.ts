type Service = { name: string; ended: Promise<string>; stop(): Promise<void> }

/** Keeps what was started and ends all of it, whatever happens first: a signal, the end of a service, or a failed start. */
export class Supervisor {
  private readonly levels: Service[][] = [[], []]
  private stopping: Promise<void> | null = null

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!this.stopping) console.log('\n  Stopping')
        void this.stop().then(() => process.exit(0))
      })
    }
  }

  /** A service of the `base` is stopped after those that use it. Its end is the end of everything. */
  watch(service: Service, level: 'top' | 'base' = 'top'): void {
    this.levels[level === 'top' ? 0 : 1]?.push(service)
    if (this.stopping) void service.stop()
    void service.ended.then((how) => {
      if (this.stopping) return
      console.error(`\n  ${service.name} has ended (${how}); stopping the rest`)
      void this.stop().then(() => process.exit(1))
    })
  }

  /** Runs `work`; when it fails, says why and ends everything. */
  async run(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (this.stopping) return
      console.error(`\n  ${error instanceof Error ? error.message : error}`)
      await this.stop()
      process.exit(1)
    }
  }

  private stop(): Promise<void> {
    this.stopping ??= this.stopLevels()
    return this.stopping
  }

  private async stopLevels(): Promise<void> {
    for (const services of this.levels) await Promise.allSettled(services.map((service) => service.stop()))
  }
}
