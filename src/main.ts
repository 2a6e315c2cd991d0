#!/usr/bin/env bun
/** Where the program begins: hands the words of the command line over. */
import { runCli } from './cli/index.ts'

process.exitCode = await runCli(process.argv.slice(2))
