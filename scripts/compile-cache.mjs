// Node 20's stand-in for NODE_COMPILE_CACHE, which Node has from version 22.1 on: what V8 made of a CommonJS module is
// kept in that folder, under a digest of the module's name and text, and taken from there the next time.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

const { Module } = module
const folder = process.env.NODE_COMPILE_CACHE ?? ''
/** What was not there: scripts by the file that is to keep them. */
const made = new Map()
const compile = Module.prototype._compile

Module.prototype._compile = function compileOnce(content, filename, ...more) {
  const compiled = load(content, filename)
  if (!compiled) return compile.call(this, content, filename, ...more)
  return compiled.call(this.exports, this.exports, requireFor(this), this, filename, dirname(filename))
}

/** The module as a function; undefined where it is none of CommonJS, or imports, which kept code cannot do. */
function load(content, filename) {
  if (/\bimport\s*\(/.test(content)) return undefined
  const file = join(folder, createHash('sha1').update(`${filename}\0${content}`).digest('hex'))
  const cachedData = readKept(file)
  try {
    const script = new Script(Module.wrap(content.replace(/^#!/, '//')), { filename, cachedData })
    if (!cachedData || script.cachedDataRejected) made.set(file, script)
    return script.runInThisContext()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function readKept(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

function requireFor(parent) {
  const require = (id) => parent.require(id)
  require.resolve = (request, options) => Module._resolveFilename(request, parent, false, options)
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, parent)
  require.main = process.mainModule
  require.extensions = Module._extensions
  require.cache = Module._cache
  return require
}

// By now the functions that were called are compiled too, and are kept with the rest.
process.once('exit', () => {
  try {
    mkdirSync(folder, { recursive: true })
    for (const [file, script] of made) {
      writeFileSync(`${file}.${process.pid}`, script.createCachedData())
      renameSync(`${file}.${process.pid}`, file)
    }
  } catch {
    // The folder was taken away, or is full: the next process compiles again.
  }
})
