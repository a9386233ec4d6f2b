export { type Device, deviceNamed, deviceNames, devices } from "./devices.ts";
export { type Estimate, Estimator } from "./estimate.ts";
export { cellResources, type MeasuredArea, measuredAreas } from "./measured.ts";
export {
  boundBy,
  deviceShare,
  moduleLogic,
  type ResourceKind,
  type Resources,
  resourceKinds,
  resourcesOf,
} from "./resources.ts";
export { type Exploration, type ExploreRequest, explore, type Point } from "./search.ts";
export { type NetworkWork, workOf } from "./work.ts";
