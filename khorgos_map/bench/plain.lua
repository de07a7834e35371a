-- OSRM drives at the speeds our own data gives, and loses no time at turns: as the embedded engine does.
Sequence = require("lib/sequence")

api_version = 4

function setup()
  return {
    properties = {
      weight_name = "duration",
      weight_precision = 2,
      max_speed_for_map_matching = 180 / 3.6,
      u_turn_penalty = 0,
      continue_straight_at_waypoint = false,
      use_turn_restrictions = false,
      process_call_tagless_node = false,
    },
    classes = Sequence {},
    excludable = Sequence {},
  }
end

function process_node() end

function process_way(_, way, result)
  local speed = tonumber(way:get_value_by_key("maxspeed"))
  if way:get_value_by_key("motorcar") == "no" or not speed then
    return
  end
  result.forward_mode = mode.driving
  result.forward_speed, result.forward_rate = speed, speed / 3.6
  if way:get_value_by_key("oneway") ~= "yes" then
    result.backward_mode = mode.driving
    result.backward_speed, result.backward_rate = speed, speed / 3.6
  end
  result.ref = way:get_value_by_key("ref") or ""
  result.name = way:get_value_by_key("name") or ""
end

function process_turn() end

return { setup = setup, process_node = process_node, process_way = process_way, process_turn = process_turn }
