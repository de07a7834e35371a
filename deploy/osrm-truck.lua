-- OSRM's car with the size, the limits and the speeds of a lorry of 40 tonnes.
local truck = require("car")
local car_setup, car_way = truck.setup, truck.process_way
local MAX_SPEED_KMH = 80

function truck.setup()
  local profile = car_setup()
  profile.vehicle_height, profile.vehicle_width, profile.vehicle_length = 4.0, 2.55, 16.5
  profile.vehicle_weight = 40000
  profile.vehicle_max_speed = MAX_SPEED_KMH
  profile.access_tags_hierarchy = Sequence { "hgv", "motor_vehicle", "vehicle", "access" }
  profile.restrictions = Sequence { "hgv", "motor_vehicle", "vehicle" }
  return profile
end

function truck.process_way(profile, way, result, relations)
  car_way(profile, way, result, relations)
  local limit = tonumber(way:get_value_by_key("maxspeed:hgv"))
  if limit then
    result.forward_speed = math.min(result.forward_speed, limit)
    result.backward_speed = math.min(result.backward_speed, limit)
  end
end

return truck
