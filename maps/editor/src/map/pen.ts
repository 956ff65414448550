/** Programmes of the graphics card, and what they are fed. */

const BYTES = 4;

export interface Pen {
  readonly program: WebGLProgram;
  readonly array: WebGLVertexArrayObject;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}

export function penOf(gl: WebGL2RenderingContext, vertex: string, fragment: string): Pen {
  const program = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(program) ?? "");
  const known = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string): WebGLUniformLocation | null => {
    if (!known.has(name)) known.set(name, gl.getUniformLocation(program, name));
    return known.get(name)!;
  };
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  return { program, array, uniform };
}

export function filledBuffer(gl: WebGL2RenderingContext, target: number, data: Float32Array | Uint32Array): WebGLBuffer {
  const buffer = gl.createBuffer();
  gl.bindBuffer(target, buffer);
  gl.bufferData(target, data, gl.DYNAMIC_DRAW);
  return buffer;
}

/** Feed an attribute from the buffer at hand: so many numbers out of each `stride`, from the number `first` on. */
export function attribute(gl: WebGL2RenderingContext, place: number, count: number, stride: number, first: number): void {
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, count, gl.FLOAT, false, BYTES * stride, BYTES * first);
}
