import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join, resolve } from 'node:path'
import { chromium } from '@playwright/test'

export type Browser = { executablePath: string; args: string[]; env: Record<string, string> }

/** Nothing that asks a foreign host for anything, and no sandbox, which containers do not allow. */
const args = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync']

const installedNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const installedApps = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * The first that starts: `CHROMIUM_PATH`, a Chromium of this machine, Playwright's own, the one inside the package
 * `@sparticuz/chromium`, so that nothing has to be downloaded from a host of its own.
 */
export async function findBrowser(): Promise<Browser> {
  const wanted = process.env.CHROMIUM_PATH
  if (wanted) {
    if (starts(wanted, packagedEnv(wanted))) return { executablePath: wanted, args, env: packagedEnv(wanted) }
    throw new Error(`CHROMIUM_PATH is ${wanted}, which does not start`)
  }
  const executablePath = installed().find((path) => starts(path)) ?? (await unpackPackaged())
  return { executablePath, args, env: packagedEnv(executablePath) }
}

function installed(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const onPath = installedNames.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...installedApps, chromium.executablePath()].filter((path) => existsSync(path))
}

/** A file of the right name may be a wrapper that only asks for an installation, or lack libraries. */
function starts(path: string, env: Record<string, string> = {}): boolean {
  const result = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 15_000, env: { ...process.env, ...env } })
  return result.status === 0 && /chrom/i.test(result.stdout)
}

/** Unpacks the packaged browser once per version, into a folder that only this checkout uses. */
async function unpackPackaged(): Promise<string> {
  const require = createRequire(import.meta.url)
  const manifest = join(require.resolve('@sparticuz/chromium'), '..', '..', '..', 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const home = resolve('.concord', 'chromium')
  mkdirSync(home, { recursive: true })
  const unpacked = join(home, version)
  const path = join(unpacked, 'chromium')
  if (!existsSync(path)) {
    const partial = mkdtempSync(join(home, 'partial-'))
    await unpackInto(partial)
    writeFileSync(join(partial, 'fonts', 'fonts.conf'), fontsConfiguration)
    rmSync(unpacked, { recursive: true, force: true })
    renameSync(partial, unpacked)
  }
  if (starts(path, packagedEnv(path))) return path
  throw new Error(`The packaged Chromium in ${unpacked} does not start: install one, or set CHROMIUM_PATH`)
}

// The package's own names folders that only AWS Lambda has.
const fontsConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">.</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`

// The package unpacks into the temporary directory and trusts whatever it finds there, so it is given one of its own;
// and it unpacks the libraries that it needs (libnss3 and others) only where it believes itself on AWS Lambda.
async function unpackInto(directory: string): Promise<void> {
  const before = { ...process.env }
  Object.assign(process.env, { TMPDIR: directory, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' })
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    await packaged.executablePath()
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

/** Its libraries and fonts go before the machine's only where the machine has none. */
function packagedEnv(path: string): Record<string, string> {
  const directory = resolve(path, '..')
  const libraries = join(directory, 'al2023', 'lib')
  const env: Record<string, string> = {}
  if (existsSync(libraries) && !starts(path)) env.LD_LIBRARY_PATH = libraries
  if (existsSync(join(directory, 'fonts')) && !existsSync('/etc/fonts/fonts.conf'))
    env.FONTCONFIG_PATH = join(directory, 'fonts')
  return env
}
