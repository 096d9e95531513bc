import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, type Runner, run, type TaskList } from 'graphile-worker'
import { env } from '@/lib/env'
import { log } from '@/lib/log'

export type JobHandler = (payload: Record<string, unknown>) => Promise<void>

/** Handlers by job name, and the timetable in crontab's form (https://worker.graphile.org/docs/cron). */
export type Jobs = { handlers: Record<string, JobHandler>; timetable: string }

const restartAfterMs = 2_000

const quietLogger = new Logger(() => (level, message) => {
  if (level === 'error') log().error({ worker: message.slice(0, 300) }, 'job queue')
})

/**
 * Works the queue until `stop` is called. The queue's own runner gives up when the database stays away; it is then
 * started again, so that a portal that outlives an outage also does its jobs again.
 */
export function startRunner(jobs: Jobs): { stop: () => Promise<void> } {
  let runner: Runner | undefined
  let stopped = false
  const taskList: TaskList = Object.fromEntries(
    Object.entries(jobs.handlers).map(([name, handle]) => [
      name,
      (payload) => handle(payload as Record<string, unknown>),
    ]),
  )

  const supervise = async () => {
    while (!stopped) {
      try {
        runner = await run({
          connectionString: env().databaseUrl,
          taskList,
          crontab: jobs.timetable,
          concurrency: 4,
          pollInterval: 1_000,
          maxPoolSize: 6,
          noHandleSignals: true,
          logger: quietLogger,
        })
        // It may have been told to stop while it was starting, when there was nobody to tell.
        if (stopped) await runner.stop()
        await runner.promise
      } catch (error) {
        if (!stopped) log().warn({ err: error }, 'job queue interrupted')
      }
      if (!stopped) await sleep(restartAfterMs)
    }
  }
  const finished = supervise()

  return {
    stop: async () => {
      stopped = true
      await runner?.stop().catch(() => undefined)
      await finished
    },
  }
}
