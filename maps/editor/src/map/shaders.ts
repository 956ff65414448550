/** What the graphics card does with each corner and each pixel; places are pixels from the middle of the map. */

const HEAD = `#version 300 es
precision highp float;
precision highp int;
uniform vec2 offset, half_size;
uniform float scale, fineness;
`;

export const FILL_VERTEX = `${HEAD}
layout(location = 0) in vec2 place;
layout(location = 1) in float unit;
uniform highp sampler2D colours;
flat out vec4 colour;
void main() {
  int number = int(unit);
  colour = texelFetch(colours, ivec2(number & 1023, number >> 10), 0);
  gl_Position = vec4((place * scale + offset) * vec2(1.0, -1.0) / half_size, 0.0, 1.0);
}`;

export const FILL_FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 colour;
out vec4 drawn;
void main() { drawn = colour; }`;

/**
 * A line is a thin rectangle of two triangles, longer by half its width at both ends, so that corners close. Its ends are
 * looked up by the number of the corner: without a card, drawing an instance a line would cost as much as drawing a map.
 */
export const LINE_VERTEX = `${HEAD}
uniform highp sampler2D ends, strengths;
out float across;
flat out float half_width;
flat out vec4 ink;
void main() {
  int line = gl_VertexID / 6, number = gl_VertexID % 6;
  vec2 corner = vec2(number == 1 || number > 3 ? 1.0 : 0.0, number < 2 || number == 4 ? -1.0 : 1.0);
  ivec2 pixel = ivec2(line & 1023, line >> 10);
  vec4 end = texelFetch(ends, pixel, 0);
  float strength = texelFetch(strengths, pixel, 0).r * 255.0;
  half_width = strength > 1.5 ? 2.0 : strength > 0.5 ? mix(0.35, 0.9, fineness) : 0.4;
  ink = strength > 1.5 ? vec4(0.067, 0.067, 0.067, 1.0) : strength > 0.5 ? vec4(0.333, 0.333, 0.333, 1.0) : vec4(0.333, 0.333, 0.333, 0.4);
  vec2 a = end.xy * scale + offset, b = end.zw * scale + offset;
  float length_px = length(b - a);
  vec2 along = length_px > 0.0 ? (b - a) / length_px : vec2(1.0, 0.0);
  float reach = half_width + 0.5;
  across = corner.y * reach;
  vec2 at = mix(a, b, corner.x) + along * half_width * (corner.x * 2.0 - 1.0) + vec2(-along.y, along.x) * across;
  gl_Position = vec4(at * vec2(1.0, -1.0) / half_size, 0.0, 1.0);
}`;

export const LINE_FRAGMENT = `#version 300 es
precision mediump float;
in float across;
flat in float half_width;
flat in vec4 ink;
out vec4 drawn;
void main() {
  float alpha = ink.a * clamp(half_width + 0.5 - abs(across), 0.0, 1.0);
  drawn = vec4(ink.rgb * alpha, alpha);
}`;
