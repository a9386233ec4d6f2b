export { runLayer, runReference } from "./run.ts";
