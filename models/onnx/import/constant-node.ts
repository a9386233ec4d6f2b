import { ElementType, initializer, type Node } from "../proto.ts";
import type { ImportContext } from "./context.ts";
import { ImportNode } from "./node.ts";

/** Constant nodes are initializers of another form: value, value_float(s), value_int(s). */
export function readConstantNode(proto: Node, context: ImportContext): void {
  const node = new ImportNode(proto, context);
  const { output } = node;
  const [attribute] = proto.attribute ?? [];
  if (attribute?.name === "value" && attribute.t) context.defineConstant(output, { ...attribute.t, name: output });
  else if (attribute?.name === "value_float")
    context.defineConstant(output, initializer(output, [], Float32Array.of(attribute.f ?? 0)));
  else if (attribute?.name === "value_floats") {
    const values = Float32Array.from(attribute.floats ?? []);
    context.defineConstant(output, initializer(output, [values.length], values));
  } else if (attribute?.name === "value_int")
    context.defineConstant(output, {
      name: output,
      dims: [],
      dataType: ElementType.int64,
      int64Data: [attribute.i ?? 0],
    });
  else if (attribute?.name === "value_ints") {
    const values = attribute.ints ?? [];
    context.defineConstant(output, {
      name: output,
      dims: [values.length],
      dataType: ElementType.int64,
      int64Data: values,
    });
  } else node.report("attribute", `attribute ${attribute?.name} is not supported`, "export constants as tensors");
}
