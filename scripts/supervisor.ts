type Service = { name: string; ended: Promise<string>; stop(): Promise<void> }

/** Keeps what was started and ends all of it, whatever happens first: a signal, the end of a service, or a failed start. */
export class Supervisor {
  private readonly services: Service[] = []
  private stopping: Promise<void> | null = null

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!this.stopping) console.log('\n  Stopping')
        void this.stop().then(() => process.exit(0))
      })
    }
  }

  /** What was started first is stopped last. The end of one is the end of everything. */
  watch(service: Service): void {
    this.services.unshift(service)
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
    this.stopping ??= this.stopAll()
    return this.stopping
  }

  private async stopAll(): Promise<void> {
    for (const service of this.services) await service.stop().catch(() => undefined)
  }
}
